"""What a device's code means, in one sentence for whoever stands at the gate or keeps it."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "action_unsupported": _("This device cannot do that. Choose another action."),
    "address_refused": _("The device's address is not allowed. Correct it in the settings."),
    "answer_not_understood": _("The device answered something unexpected. Check its settings."),
    "answer_too_long": _("The device answered without end. Check its settings."),
    "certificate_refused": _("The device's certificate is not trusted. Check its settings."),
    "challenge_not_understood": _(
        "The device's sign-in is of an unknown kind. Check its settings."
    ),
    "credentials_missing": _("The device's user name or password is missing. Enter it."),
    "driver_broke": _("Its driver failed here. Look at the device, then tell the installer."),
    "driver_missing": _("Its driver lacks a part of the installation. Tell the installer."),
    "driver_unknown": _("Its driver is not known here. Choose another in the settings."),
    "expired": _("It came too late to be sent, and nothing moved. Open by hand if needed."),
    "heard_nothing": _(
        "The broker lets us in, and the camera does not answer. Compare its name or serial number "
        "with its topics."
    ),
    "heard_nothing_yet": _(
        "The broker lets us in. The camera speaks twice a minute and said nothing just now: wait a "
        "moment, then look when it was last heard."
    ),
    "recorder_away": _(
        "The broker lets us in, and Frigate left word that it is away. Start Frigate."
    ),
    "interrupted": _("Sending was interrupted. Look at the device before opening again."),
    "all_open": _(
        "Nearly every door reads open. Look at the bank; if they are shut, change its feedback."
    ),
    "bank_faulty": _("The locker's controller reports a fault. Have it looked at."),
    "board_silent": _(
        "One of the lock boards does not answer. Check its power, its bus wires and its address."
    ),
    "broken_off": _("The camera hung up. It is called again by itself; nothing needs to be done."),
    "busy": _("Another process held the gateway all the time. Wait a moment, then try again."),
    "jammed": _("The arm is stuck. Have it looked at."),
    "list_not_taken": _(
        "The camera says yes and does not keep the list. Look whether it has a memory card."
    ),
    "list_too_long": _("More cars may pass than a camera can keep. The rest needs this computer."),
    "lock_stuck": _(
        "The lock did not let the door go. Push the door in and try again, or mark it out of order."
    ),
    "never_seen": _(
        "No controller has signed in under this prefix. Compare prefix and broker address."
    ),
    "no_answer": _("The device did not answer. Look at it before opening again."),
    "not_authorised": _("The device refuses our password. Correct it in the settings."),
    "password_held_back": _(
        "The device refused our password twice. We ask no more, or it would lock us out. "
        "Correct the password."
    ),
    "account_locked": _(
        "The device locked our account after wrong passwords. Correct the password, then wait "
        "half an hour."
    ),
    "nonce_refused": _("The device let our sign-in lapse, and nothing moved. Open once more."),
    "arm_still_closed": _(
        "The device said yes and the arm stayed down. Look whether the barrier is locked."
    ),
    "pulse_not_timed": _(
        "The relay does not end its pulse by itself. Set its timer, or it holds the barrier open."
    ),
    "relay_stays_on": _(
        "The relay stays on and holds the barrier open. Switch it off by hand, then check it."
    ),
    "relay_never_seen": _(
        "No relay has signed in under this topic. Compare its topic and the broker's address."
    ),
    "not_seen_open": _("The order was sent, and the door was not seen open. Look at the door."),
    "not_in_use": _("The device is out of use. Put it in use first."),
    "pulse_refused": _("The pulse is too short or too long. Correct the settings."),
    "redirected": _("The device sent us elsewhere. Check its address in the settings."),
    "refused": _("The device refused. Check whether it is locked."),
    "settings_invalid": _("The device's settings do not fit together. Correct them."),
    "serial_mismatch": _(
        "Another camera pushes to this address. Correct its address, or clear the serial number."
    ),
    "serial_missing": _("The camera does not say its serial number. Turn that on in its settings."),
    "silent": _("Nothing has come from the camera. Check its power, network and push address."),
    "device_without_lane": _("This camera belongs to no lane yet. Give it one in the set-up."),
    "device_of_many_lanes": _("This camera watches several lanes. Give each its own camera."),
    "device_not_of_lane": _("The lane of this camera is not its own. Correct its settings."),
    "outbox_full": _("This computer has no room to note the order. Make room on its disk."),
    "superseded": _("A later order replaced this one. Nothing needs to be done."),
    "number_invalid": _("There is no compartment of this number. Compare the bank's set-up."),
    "unreachable": _("The device cannot be reached. Check its power and network."),
}
#: Codes that end in what the device said, such as ``answered_500``.
FAMILIES = {
    "refused_": "refused",
    "answered_": "answer_not_understood",
}


def sentence(code: str) -> str:
    """One sentence for a code of a command or of a device's health; none for no code."""
    if not code:
        return ""
    for start, family in FAMILIES.items():
        if code.startswith(start):
            code = family
    found = SENTENCES.get(code)
    return str(found) if found else gettext("The device reports a fault. Have it looked at.")
