"""What a code of a delivery means, in one sentence for the office."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "address_refused": _("The receiver's address lies inside the network, so nothing was sent."),
    "unreachable": _("The receiver cannot be reached. Check its address."),
    "certificate_refused": _("The receiver's certificate is not trusted. It must be renewed."),
    "no_answer": _("The receiver did not answer within 10 seconds."),
    "answer_not_understood": _("The receiver answered something that is no HTTP."),
    "answer_too_long": _("The receiver answered without end."),
    "redirected": _("The receiver sent us elsewhere, which is not followed. Correct its address."),
    "settings_invalid": _("The address of this webhook cannot be used. Correct it."),
    "too_old": _("It waited for a day, and the receiver never took it."),
}


def sentence(code: str) -> str:
    """One sentence for a code; none for success."""
    if not code:
        return ""
    if code.startswith("answered_"):
        status = code.removeprefix("answered_")
        return gettext("The receiver answered %(status)s instead of taking it.") % {
            "status": status
        }
    found = SENTENCES.get(code)
    return str(found) if found else gettext("It could not be sent. Look into the log.")
