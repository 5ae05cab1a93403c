"""Kinds of events that people, homes and registrations record, and who may see them."""

from django.utils.translation import gettext_lazy as _

from community import events
from residents import (
    admissions,  # noqa: F401  what is said is registered with it
    care_words,  # noqa: F401  what a care watch says
    face_words,  # noqa: F401  what is said of faces
    reaching,  # noqa: F401  where people are reached is registered with it
    sentences,  # noqa: F401  what reminders say is registered with it
    service_words,  # noqa: F401  what is said of notices and requests
    signal_words,  # noqa: F401  what is said of signals
    visit_words,  # noqa: F401  what is said of visitors
)

OFFICE = ("desk", "manager")

for kind, label in (
    ("residents.person_added", _("Person's file opened")),
    ("residents.person_changed", _("Person's file changed")),
    ("residents.people_merged", _("Two files merged")),
    ("residents.phone_confirmed", _("Phone confirmed")),
    ("residents.phone_released", _("Phone released")),
    ("residents.residency_added", _("Residency added")),
    ("residents.residency_ended", _("Residency ended")),
    ("residents.household_formed", _("Household formed")),
    ("residents.household_joined", _("Household joined")),
    ("residents.moved_in", _("Moved in")),
    ("residents.moved_out", _("Moved out")),
    ("residents.address_set", _("Standard address changed")),
    ("residents.home_code_issued", _("Home code issued")),
    ("residents.letting_started", _("Home let")),
    ("residents.letting_changed", _("Letting changed")),
    ("residents.letting_reported", _("Letting reported by the landlord")),
    ("residents.letting_ended", _("Letting ended")),
    ("residents.lease_added", _("Lease added")),
    ("residents.lease_filed", _("Lease filed")),
    ("residents.lease_ended", _("Lease ended")),
    ("residents.registration_invited", _("Tenant invited to register")),
    ("residents.registration_started", _("Registration started")),
    ("residents.registration_filled", _("Registration filled in")),
    ("residents.registration_submitted", _("Registration handed in")),
    ("residents.registration_returned", _("Registration returned")),
    ("residents.registration_accepted", _("Registration accepted")),
    ("residents.registration_changed", _("Registration changed")),
    ("residents.registration_reported", _("Registration reported")),
    ("residents.registration_confirmed", _("Registration confirmed")),
    ("residents.registration_expiring", _("Registration runs out soon")),
    ("residents.registration_renewed", _("Registration renewed")),
    ("residents.registration_ended", _("Registration ended")),
    ("residents.permit_issued", _("Residence permit issued")),
    ("residents.permit_endorsed", _("Residence permit endorsed")),
    ("residents.permit_suspended", _("Residence permit suspended")),
    ("residents.photo_added", _("Photograph of a document added")),
    ("residents.photo_removed", _("Photograph of a document erased")),
    ("residents.registration_taken_up", _("Registration taken up")),
    ("residents.account_opened", _("Account opened")),
    ("residents.signed_in", _("Resident signed in")),
    ("residents.sign_in_code_sent", _("Sign-in code sent")),
    ("residents.sign_in_locked", _("Sign-in code locked after wrong guesses")),
    ("residents.sign_in_paper_made", _("Invitation or desk code made")),
    ("residents.ending_said", _("Landlord said that a tenant moved out")),
    ("residents.ending_answered", _("Moving out confirmed or refused")),
    ("residents.data_asked", _("Correction or erasure asked for")),
    ("residents.data_answered", _("Correction or erasure answered")),
    ("residents.exported", _("Police export made")),
    ("residents.import_checked", _("List of residents checked")),
    ("residents.import_started", _("List of residents released")),
    ("residents.import_applied", _("List of residents applied")),
    ("residents.notice_written", _("Notice written")),
    ("residents.notice_told", _("Notice told to everybody")),
    ("residents.notice_withdrawn", _("Notice withdrawn")),
    ("residents.request_reported", _("Request reported")),
    ("residents.request_assigned", _("Request assigned")),
    ("residents.request_in_work", _("Request in work")),
    ("residents.request_done", _("Request done")),
    ("residents.request_rated", _("Request rated")),
    ("residents.request_reopened", _("Request reopened")),
    ("residents.request_refused", _("Request not accepted")),
    ("residents.request_withdrawn", _("Request withdrawn")),
    ("residents.request_answered", _("Request answered")),
    ("residents.request_rule_set", _("Rule for requests changed")),
    ("residents.request_overdue", _("Request overdue")),
    ("residents.care_started", _("Care watch begun")),
    ("residents.care_ended", _("Care watch ended")),
    ("residents.care_away", _("Care watch: away or back")),
    ("residents.care_all_well", _("Care watch: all is well")),
    ("residents.care_asked", _("Care watch: somebody was asked")),
    ("residents.way_in_given", _("Way in handed out")),
    ("residents.way_in_ended", _("Way in ended")),
    ("residents.consent_text_published", _("Consent text published")),
    ("residents.consent_given", _("Consent given")),
    ("residents.consent_replaced", _("Consent replaced by one to a newer text")),
    ("residents.consent_withdrawn", _("Consent withdrawn")),
    ("residents.consent_ended", _("Consent ended with the residency")),
    ("residents.consent_lapsed", _("Consent to keep pictures ended with the face")),
    ("residents.consent_asked_anew", _("Consent asked anew: the child is 14")),
    ("residents.consent_outgrown", _("Guardian's consent ended: not renewed at 14")),
    ("residents.face_enrolled", _("Face enrolled")),
    ("residents.face_paused", _("Face asleep: no other way in")),
    ("residents.face_resumed", _("Face awake again")),
    ("residents.face_erased", _("Face template erased")),
    ("residents.face_erasure_proven", _("Erasure of a face confirmed everywhere")),
    ("residents.face_erasure_overdue", _("Erasure of a face not confirmed")),
    ("residents.gallery_holder_retired", _("Holder of faces retired")),
    ("residents.face_pictures_kept", _("Pictures of an enrolment kept")),
    ("residents.face_pictures_erased", _("Pictures of an enrolment erased")),
    ("residents.face_assessed", _("Impact assessment put on file")),
    ("residents.camera_sign_placed", _("Sign at a camera put up")),
    ("residents.camera_sign_removed", _("Sign at a camera taken down")),
    ("residents.faces_calibrated", _("Face thresholds calibrated")),
    ("residents.face_mistaken", _("Somebody was taken for another person")),
    ("residents.person_erased", _("Person's data erased")),
    ("residents.signal_found", _("Signal found")),
    ("residents.visit_planned", _("Visit planned for a signal")),
    ("residents.signal_muted", _("Signal muted")),
    ("residents.signal_closed", _("Signal closed")),
    ("residents.signal_rule_set", _("Rule for signals changed")),
):
    events.declare(kind, label, OFFICE)

#: What the gate has to know as well.
for kind, label in (
    ("residents.visit_invited", _("Visit invited")),
    ("residents.visit_revoked", _("Visit revoked")),
    ("residents.visitor_arrived", _("Visitor came")),
    ("residents.visitor_left", _("Visitor left")),
    ("residents.visit_overstayed", _("Visitor is still inside")),
    ("residents.pin_locked", _("PIN of a home locked at a lane")),
    ("residents.pins_tried_at_many_homes", _("PINs guessed at a lane")),
):
    events.declare(kind, label, (*OFFICE, "guard"))
