"""What reminders of the clock say, in the reader's language."""

from django.utils.translation import gettext_lazy as _

from community import notifications, verdicts
from community.models import Medium

SAID = {
    "first_registration": (
        _("Your registration for %(home)s is to be handed in by %(due)s. Please fill in the form."),
        _("Your registration for %(home)s was due on %(due)s. Please hand it in now."),
    ),
    "landlord_start": (
        _("Please report the letting of %(home)s by %(due)s."),
        _("The letting of %(home)s was to be reported by %(due)s. Please report it now."),
    ),
    "landlord_end": (
        _("Please report the end of the letting of %(home)s by %(due)s."),
        _("The end of the letting of %(home)s was to be reported by %(due)s. Please do so now."),
    ),
    "permit": (
        _("From %(due)s you may apply for a residence permit. Ask at the desk what you need."),
        _("Since %(due)s you may apply for a residence permit. Ask at the desk what you need."),
    ),
    "endorsement": (
        _("Your residence permit is to be endorsed by %(due)s. It is free; the desk helps you."),
        _(
            "Your residence permit was to be endorsed by %(due)s and is suspended. "
            "Please have it endorsed now: your years count anew from that day."
        ),
    ),
    "lease_filing": (
        _("The lease of %(home)s is to be filed by %(due)s. The desk tells you where."),
        _("The lease of %(home)s was to be filed by %(due)s. Please file it now."),
    ),
    "lease_end": (
        _("The lease of %(home)s runs until %(due)s. Tell the desk whether it goes on."),
        _("The lease of %(home)s ran until %(due)s. Tell the desk whether it goes on."),
    ),
    "move_out": (
        _("You gave %(due)s as the day of moving out of %(home)s. Tell the desk if you stay."),
        _("You meant to leave %(home)s by %(due)s. Tell the desk whether you stay."),
    ),
    "property_report": (
        _("The registration for %(home)s goes to the police station by %(due)s."),
        _("The registration for %(home)s was to go to the police station by %(due)s."),
    ),
    "police_answer": (
        _("The police station answers on the registration for %(home)s by %(due)s."),
        _("The police station was to answer on the registration for %(home)s by %(due)s."),
    ),
    "change_report": (
        _("The change of the registration for %(home)s is to be reported by %(due)s."),
        _("The change of the registration for %(home)s was to be reported by %(due)s."),
    ),
}
for kind, (ahead, late) in SAID.items():
    verdicts.explain(f"residents.deadline_{kind}", ahead)
    verdicts.explain(f"residents.deadline_{kind}_late", late)

    for name in (f"residents.deadline_{kind}", f"residents.deadline_{kind}_late"):
        notifications.declare(name, _("Deadline of your registration"), topic="registration")

verdicts.explain(
    "residents.sign_in_code",
    _("%(code)s is your code for Linli, good for five minutes. Tell it to nobody."),
)
notifications.declare(
    "residents.sign_in_code",
    _("Code for signing in"),
    topic="account",
    ladder=(Medium.SMS,),
    urgent=True,
    secret=True,
    path="/home/sign-in/code/",
)
verdicts.explain(
    "residents.ending_said",
    _("Your landlord says that you left %(home)s on %(day)s. Please say whether that is so."),
)
notifications.declare(
    "residents.ending_said",
    _("Moving out said by the landlord"),
    topic="registration",
    path="/home/registration/",
)
verdicts.explain(
    "residents.data_answered",
    _("The property office has answered your request about your data."),
)
notifications.declare(
    "residents.data_answered", _("Answer about your data"), topic="account", path="/home/my-data/"
)
