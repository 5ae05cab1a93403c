"""What the ledger says about upper platforms, and the sentences of their troubles."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community import events
from community.verdicts import explain

SET_UP = ("manager", "installer")

for kind, label in (
    ("upper.added", _("Upper platform added")),
    ("upper.changed", _("Upper platform changed")),
    ("upper.switched_on", _("Passages to an upper platform: switched on")),
    ("upper.switched_off", _("Passages to an upper platform: switched off")),
    ("upper.tested", _("Upper platform tried out")),
    ("upper.refused", _("Passages refused by an upper platform")),
    ("upper.sent_again", _("Refused passages queued again")),
    ("upper.dropped", _("Passages too old for an upper platform")),
):
    events.declare(kind, label, SET_UP)

explain(
    "alert.upper_silent",
    _(
        "Nothing has got through to the upper platform %(name)s for %(hours)s hours. Passages wait "
        "here. Look at its page in the office."
    ),
)
explain(
    "alert.upper_dropped",
    _(
        "The upper platform %(name)s was away too long: the oldest passages are not sent to it any "
        "more. Look at its page in the office."
    ),
)

SENTENCES = {
    "unreachable": _(
        "The platform cannot be reached. Check its address, and whether the line to it is up."
    ),
    "address_refused": _(
        "This address is one of this machine or of a service for machines. Ask the platform for "
        "its address."
    ),
    "certificate_refused": _(
        "The platform's certificate is not trusted. Ask the platform for a valid one."
    ),
    "no_answer": _("The platform did not answer in time. It is tried again by itself."),
    "answer_not_understood": _("What answered there is no web server. Check address and port."),
    "answer_too_long": _("The platform answered without end. Ask whoever runs it."),
    "settings_invalid": _("The address or the number cannot be used. Correct them."),
    "not_authorised": _(
        "The platform refused user name or password. Ask for them again and type them in; until "
        "then it is tried once an hour."
    ),
    "challenge_not_understood": _(
        "The platform asks for a proof that the standard does not know. Ask whoever runs it."
    ),
    "not_registered": _(
        "The platform does not know our number. Ask whether it is entered there; we register "
        "again by ourselves."
    ),
    "bad_answer": _(
        "The platform answered something that is no answer of the standard. Check that the "
        "address leads to GA/T 1400."
    ),
    "busy": _("The platform is busy. It is tried again by itself."),
    "not_answered": _("The platform said nothing about this passage."),
    "broke": _("Sending failed here. Look into the log."),
}
#: Statuses of a server that knows nothing of the standard.
WRONG_PLACE = frozenset(f"answered_{status}" for status in (301, 302, 307, 308, 404, 405))


def sentence(code: str) -> str:
    """One sentence for a code, with what to do; none for success."""
    if not code:
        return ""
    if code in WRONG_PLACE:
        return str(SENTENCES["bad_answer"])
    if code.startswith("answered_"):
        return gettext("The platform answered %(status)s. It is tried again by itself.") % {
            "status": code.removeprefix("answered_")
        }
    if code.startswith("refused_"):
        return gettext(
            "The platform refused it with its code %(code)s. Ask whoever runs it what is missing."
        ) % {"code": code.removeprefix("refused_")}
    found = SENTENCES.get(code)
    return str(found) if found else gettext("It could not be sent. Look into the log.")
