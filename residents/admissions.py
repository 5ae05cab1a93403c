"""What a door says of a way in: one sentence what is, the next what to do."""

from django.utils.translation import gettext_lazy as _

from community.verdicts import Sentence, explain
from residents.pass_words import home_or_courier

SENTENCES: dict[str, Sentence] = {
    "resident": _("Lives in %(unit)s."),
    "on_duty": _("Works here."),
    "lives_here_no_more": _("This person does not live here now. Ask at the desk."),
    "way_unknown": _("This is no way in. Use a card, a code or a PIN."),
    "card_unknown": _("This card is not known here. Ask at the desk."),
    "card_ended": _("This card was ended. Ask at the desk for a new one."),
    "card_two_gates": _(
        "This card was used at another gate a moment ago. Look who is there, then decide."
    ),
    "code_unknown": _("This code is not known here. Show the code on your own page."),
    "code_ended": _("This code was replaced. Open your page on the phone once more."),
    "code_used": _("This code was used already. The phone shows the next one in a moment."),
    "code_too_old": _(
        "This code is %(minutes)s minutes old. Show the page itself, not a picture of it; "
        "if it says so again, let the phone set its clock by itself."
    ),
    "code_clock_ahead": _(
        "The phone's clock is %(minutes)s minutes ahead. Let the phone set its clock by itself."
    ),
    "pin_wrong": _("Home number and PIN do not fit together. Try once more."),
    "pin_home_locked": _(
        "Too many wrong PINs for this home at this door. Use card or code, "
        "or try again in %(minutes)s minutes."
    ),
    "pin_lane_slow": _(
        "Many wrong PINs were typed here. Use card or code, or wait %(seconds)s seconds."
    ),
    "face_unknown": _("This face is not known here. Use a card, a code or a PIN."),
    "face_ended": _("This face opens nothing any more. Use a card, a code or a PIN."),
    "face_asleep": _("This face counts again once there is another way in. Ask at the desk."),
    "face_unsure": _("The face was not seen well enough. Use a card, a code or a PIN as well."),
    "face_second_way": _("Show a card, a code or a PIN beside the face."),
    "pass_valid": home_or_courier(
        _("Expected by %(unit)s."), _("A courier with a pass of the day.")
    ),
    "pass_leaving": home_or_courier(_("Leaves %(unit)s."), _("A courier who leaves.")),
    "pass_unknown": _("This pass is not known here. Ask whoever invited you for a new one."),
    "pass_revoked": home_or_courier(
        _("This pass was taken back. Ask whoever invited you."),
        _("This pass was taken back. Ask at the desk."),
    ),
    "pass_duty_over": _("This courier's account is closed. Ask at the desk."),
    "pass_too_early": _("This pass is not valid yet. Look at its time."),
    "pass_over": home_or_courier(
        _("The time of this pass is over. Ask whoever invited you."),
        _("The hours of delivery are over for today. Ask the guard."),
    ),
    "pass_used_up": home_or_courier(
        _("This pass was used as often as it may be. Ask whoever invited you."),
        _("This pass was used as often as it may be today. Ask the guard."),
    ),
    "pass_home_empty": _("Nobody lives in %(unit)s now. Ask the visitor where they want to go."),
}
for code, text in SENTENCES.items():
    explain(code, text)
