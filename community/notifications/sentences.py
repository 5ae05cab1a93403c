"""What a delivery's code means, in one sentence that says what to do."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "address_refused": _("The provider's address is not allowed. Correct it in the settings."),
    "address_unknown": _("The mail server does not know this address. Ask for another."),
    "answer_not_understood": _("The provider answered something odd. It may have been sent."),
    "answer_too_long": _("The provider answered without end. It may have been sent."),
    "browser_gone": _("The browser no longer takes messages. Another way is used."),
    "certificate_refused": _("The provider's certificate is not trusted. Check its address."),
    "channel_off": _("This channel is not in use. Another way is used."),
    "credentials_missing": _("The channel's key is missing. Enter it."),
    "driver_missing": _("The channel's driver lacks a part. Tell the installer."),
    "driver_unknown": _("The channel's driver is not known here. Choose another."),
    "expired": _("It came too late to be of use, so it was not sent."),
    "interrupted": _("Sending was interrupted. It may have been sent."),
    "messenger_broke": _("The channel's driver failed here. Tell the installer."),
    "no_address": _("There is no address for this way. Another way is used."),
    "no_answer": _("The provider did not answer. It may have been sent."),
    "no_money": _("The account at the provider is empty. Top it up there."),
    "not_authorised": _("The provider refuses our key. Correct it in the channel."),
    "not_following": _("The person does not follow the account. Another way is used."),
    "number_refused": _("The provider refuses this number. Ask the person for another."),
    "provider_refused": _("The provider refused. Compare the channel with the provider's console."),
    "provider_trouble": _("The provider is in trouble. It may have been sent."),
    "read": _("Read on our pages before it was due."),
    "redirected": _("The provider sent us elsewhere, which is not followed. Correct its address."),
    "settings_invalid": _("The channel's settings do not fit together. Correct them."),
    "too_many": _("The provider asks us to wait. It goes on by itself."),
    "tried_enough": _("It was tried often enough. Another way is used."),
    "unreachable": _("The provider cannot be reached. It is tried again."),
    "undelivered": _("The provider says that it did not arrive. Another way is used."),
}


def sentence(code: str) -> str:
    """One sentence for a code; none for no code."""
    if not code:
        return ""
    if code.startswith("answered_"):
        status = code.removeprefix("answered_")
        return gettext("The provider answered %(status)s. Check its address.") % {"status": status}
    found = SENTENCES.get(code)
    return str(found) if found else gettext("It could not be sent. Tell the installer.")
