"""Who may open what of the residents' files."""

from __future__ import annotations

from tests.rights.rule import (
    ANYBODY,
    EVERY_ROLE,
    INSTALLERS,
    MANAGERS,
    NOBODY,
    OFFICE,
    Rule,
    Table,
    tables,
)

TABLES = {
    "residents.person": Table(
        "people",
        OFFICE,
        add=OFFICE,
        deeds=dict.fromkeys(
            ("show_phone", "show_document", "new_phone", "confirm_phone", "move_out", "merge"),
            OFFICE,
        )
        | {"invite": OFFICE},
    ),
    "residents.notice": Table(
        "notices", OFFICE, add=OFFICE, deeds={"board": OFFICE, "withdraw": OFFICE}
    ),
    "residents.servicerequest": Table(
        "requests",
        OFFICE,
        add=OFFICE,
        deeds=dict.fromkeys(("assign", "start", "finish", "refuse", "answer"), OFFICE),
    ),
    "residents.requestrule": Table("limits", OFFICE, add=MANAGERS),
    "residents.residency": Table("residencies", OFFICE, add=OFFICE, deeds={"end": OFFICE}),
    "residents.letting": Table(
        "lettings",
        OFFICE,
        add=OFFICE,
        deeds=dict.fromkeys(("show_code", "invite", "start", "stop", "end"), OFFICE),
    ),
    "residents.lease": Table(
        "leases", OFFICE, add=OFFICE, deeds=dict.fromkeys(("file", "end"), OFFICE)
    ),
    "residents.standardaddress": Table("addresses", OFFICE, add=OFFICE),
    # Forms come from people and from invitations, nobody opens one here; deeds are further down.
    "residents.registration": Table("submitted", OFFICE),
    "residents.exportreceipt": Table(
        "receipts", OFFICE, deeds=dict.fromkeys(("as_excel", "as_csv"), OFFICE)
    ),
    "residents.residentimport": Table(
        "resident-lists", OFFICE, add=OFFICE, deeds={"release": OFFICE}
    ),
    "residents.deadline": Table("deadlines", OFFICE, deeds={"go_there": OFFICE}),
    "residents.carewatch": Table(
        "cares", OFFICE, add=OFFICE, deeds=dict.fromkeys(("all_well", "away", "end_care"), OFFICE)
    ),
    "residents.wayin": Table(
        "ways-in", OFFICE, deeds=dict.fromkeys(("end_lost", "replace", "withdraw"), OFFICE)
    ),
    "residents.visit": Table("visits", OFFICE, deeds={"revoke": OFFICE}),
    "residents.visitstay": Table("visit_stays", OFFICE),
    "residents.consent": Table("consents", OFFICE, deeds={"withdraw": OFFICE}),
    "residents.consenttext": Table("texts", OFFICE, add=MANAGERS),
    "residents.faceerasure": Table("erasures", OFFICE),
    "residents.galleryholder": Table("holders", OFFICE | INSTALLERS, deeds={"retire": MANAGERS}),
    "residents.faceassessment": Table("assessments", MANAGERS, add=MANAGERS),
    "residents.camerasign": Table(
        "signs", INSTALLERS, add=INSTALLERS, deeds={"take_down": INSTALLERS}
    ),
    "residents.facecalibration": Table("calibrations", MANAGERS),
    "residents.signal": Table(
        "signals", OFFICE, deeds=dict.fromkeys(("visit", "found", "mute"), OFFICE)
    ),
    "residents.signalrule": Table("signal_rules", OFFICE, add=MANAGERS),
    # Law, the same for all compounds: the office reads it, only the operator adds to it.
    "residents.deadlinerule": Table("rules", OFFICE, operator_adds=True, shared=True),
    "residents.holiday": Table("holidays", OFFICE, operator_adds=True, shared=True),
}
#: Each decision opens for a registration in a state that it can follow.
DECISIONS = {
    f"admin:residents_registration_{deed}": Rule(OFFICE, {"object_id": state})
    for deed, state in {
        "accept": "submitted",
        "give_back": "submitted",
        "report": "accepted",
        "confirm": "reported",
        "permit": "confirmed",
        "endorse": "permitted",
        "renew": "confirmed",
        "end": "confirmed",
        "show_photos": "submitted",
    }.items()
}
PAGES = {
    "admin:residents_person_move_in": Rule(OFFICE),
    "admin:residents_wayin_hand_out": Rule(OFFICE),
    "desk-cards": Rule(OFFICE),
    "admin:residents_faceassessment_file": Rule(MANAGERS, {"pk": "assessments"}),
    "admin:residents_camerasign_file": Rule(INSTALLERS, {"pk": "signs"}),
    "desk-faces": Rule(OFFICE),
    "desk-faces-publish": Rule(MANAGERS, posts=True),
    "desk-faces-calibrate": Rule(MANAGERS, posts=True),
    "desk-face": Rule(OFFICE, {"pk": "people"}),
    "desk-face-judge": Rule(OFFICE, {"pk": "people"}, posts=True),
    "desk-face-enrol": Rule(OFFICE, {"pk": "people"}, posts=True),
    "desk-face-proof": Rule(OFFICE, {"pk": "erasures"}),
    "admin:residents_letting_code": Rule(OFFICE, {"pk": "lettings"}),
    "admin:residents_exportreceipt_make": Rule(OFFICE),
    "admin:residents_exportreceipt_progress": Rule(OFFICE, {"pk": "receipts"}),
    "admin:residents_residentimport_progress": Rule(OFFICE, {"pk": "resident-lists"}),
    "admin:residents_residentimport_sheet": Rule(OFFICE, {"kind": "homes"}),
    "admin:residents_registration_statistics": Rule(OFFICE),
    "admin:residents_registration_statistics_file": Rule(OFFICE, {"form": "csv"}),
}
#: A page of one's own home: nobody here has a file with a sign-in, so it is closed to all of them,
#: whatever their role. Whose home it opens for: tests/residents.
HOME, ROW = Rule(NOBODY), Rule(NOBODY, {"pk": 0, "registration": 0})
#: A form or an invitation is known by a secret: with a guessed one there is no page.
FORM = {"token": "none", "kind": "front", "code": "you"}
GUESSED, GUESSED_DEED = Rule(NOBODY, FORM), Rule(NOBODY, FORM, posts=True)
HOMES = {
    "home-card-services": HOME,
    "home-notices": Rule(EVERY_ROLE, operator=True),
    "home-notice": Rule(EVERY_ROLE, {"pk": "notices"}, operator=False),
    "notice-board": Rule(OFFICE, {"pk": "notices"}),
    "home-requests": Rule(EVERY_ROLE, operator=True),
    "home-report": Rule(NOBODY),
    "home-request": Rule(NOBODY, {"pk": "requests"}),
    "request-rate": Rule(NOBODY, {"pk": "requests"}, posts=True),
    "request-reopen": Rule(NOBODY, {"pk": "requests"}, posts=True),
    "request-answer": Rule(NOBODY, {"pk": "requests"}, posts=True),
    "request-withdraw": Rule(NOBODY, {"pk": "requests"}, posts=True),
    "request-picture": Rule(NOBODY, {"pk": 0}),
    "home": HOME,
    "home-messages": HOME,
    "home-telling": HOME,
    "home-card-household": HOME,
    "home-card-registration": HOME,
    "home-card-lets": HOME,
    "home-pass": Rule(ANYBODY),
    "home-pass-state": HOME,
    "home-pass-enrol": Rule(NOBODY, posts=True),
    "home-pass-end": Rule(NOBODY, posts=True),
    "home-face": HOME,
    "home-face-of": ROW,
    "home-face-give": Rule(NOBODY, {"pk": 0}, posts=True),
    "home-face-withdraw": Rule(NOBODY, {"pk": 0}, posts=True),
    "home-face-enrol": ROW,
    "home-face-judge": Rule(NOBODY, {"pk": 0}, posts=True),
    "home-face-proof": Rule(NOBODY, {"pk": 0, "erasure": 0}),
    "home-face-picture": Rule(NOBODY, {"pk": 0, "picture": 0}),
    "home-card-visitors": HOME,
    "home-visitors": HOME,
    "home-visit-new": HOME,
    "home-care": HOME,
    "home-care-act": Rule(NOBODY, {"pk": 0, "deed": "well"}, posts=True),
    "home-visit": ROW,
    "home-visit-revoke": ROW,
    "home-registrations": HOME,
    "home-registration-start": ROW,
    "home-registration": ROW,
    "home-renew": ROW,
    "home-leave": ROW,
    "home-ending": ROW,
    "home-lets": HOME,
    "home-invite": ROW,
    "home-invited": ROW,
    "home-code-of": ROW,
    "home-code-renew": ROW,
    "home-tenant-left": ROW,
    "home-my-data": HOME,
    "home-looks": HOME,
    "home-data-held": Rule(NOBODY, {"app": "residents"}),
    "home-data-kept": Rule(NOBODY, {"app": "residents"}),
    "home-data-whole": Rule(NOBODY, {"app": "residents"}),
    "home-data-download": HOME,
    "home-data-print": HOME,
    "home-data-correct": HOME,
    "home-data-erase": HOME,
    "home-manifest": Rule(ANYBODY),
    "home-worker": Rule(ANYBODY),
    "home-offline": Rule(ANYBODY),
    "home-sign-in": Rule(ANYBODY, empty=True),
    "home-code": Rule(ANYBODY, empty=True),
    "home-paper": Rule(ANYBODY),
    "home-join": GUESSED,
    "home-scan": GUESSED,
    "home-form": GUESSED,
    "home-form-submit": GUESSED_DEED,
    "home-form-claim": GUESSED_DEED,
    "home-form-later": GUESSED,
    "home-form-give-up": GUESSED,
    "home-photo": GUESSED,
    "home-photo-add": GUESSED_DEED,
    "home-photo-remove": GUESSED_DEED,
    "home-form-step": GUESSED,
}
RULES = tables(TABLES) | DECISIONS | PAGES | HOMES
