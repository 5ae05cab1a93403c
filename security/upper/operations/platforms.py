"""A platform's settings: who may be told of what, and who switched it on."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.devices import addresses
from community.devices.viid.numbers import is_number
from community.devices.viid.speaker import Speaker, Trouble
from community.models import Compound, Gate, User
from community.webhooks.receivers import check_form
from security.alerts import close_by_key
from security.models import UpperGate, UpperPlatform
from security.upper import queue

SET_UP = frozenset({"manager", "installer"})
#: More platforms than these are a mistake.
MOST = 4
TEXTS = ("name", "url", "number", "username", "password")
FIELDS = (*TEXTS, "is_active", "sends_pictures", "alert_after_h")
#: What makes us somebody else to the platform, or it another platform.
IDENTITY = frozenset({"url", "number", "username", "password"})
#: Key of a gate -> its number at the platform, and which way cars drive in (UpperGate.Inward).
Gates = dict[int, tuple[str, str]]


def add_platform(
    *, compound: Compound, gates: Gates | None = None, actor: User | None = None, **values: Any
) -> UpperPlatform:
    """A platform with FIELDS and gates. Raises ValidationError under their names, PermissionDenied.

    The error of a gate stands under ``gate_<key>``.
    """
    check_actor(actor, compound.pk)
    with events.writing():
        # The compound's row is locked, so that the count holds.
        Compound.objects.select_for_update().get(pk=compound.pk)
        if UpperPlatform.objects.of(compound).count() >= MOST:
            raise ValidationError(_("A compound has 4 upper platforms at most."))
        row = UpperPlatform(compound=compound, cursor=queue.high(compound.pk))
        wanted = values.pop("is_active", False)
        _set(row, values)
        row.save()
        _set_gates(row, gates or {})
        _tell("upper.added", row, actor)
        if wanted:
            _switch(row, actor, on=True)
    return row


def change_platform(
    platform: UpperPlatform, *, gates: Gates | None = None, actor: User | None = None, **values: Any
) -> UpperPlatform:
    """Change FIELDS or gates; without a difference nothing is written. An empty password keeps it.

    One that is switched on hears of what passes from then on. Raises as ``add_platform``.
    """
    check_actor(actor, platform.compound_id)
    with events.writing():
        row = locked(platform.pk)
        wanted = values.pop("is_active", row.is_active)
        changed = _set(row, values)
        if gates is not None and _set_gates(row, gates):
            changed.append("gates")
        if IDENTITY & set(changed):
            row.registered_at = row.due_at = None
            row.missed = row.failures = row.tries = 0
            row.code = row.said = ""
        if changed:
            row.save()
            _tell("upper.changed", row, actor, fields=sorted(changed))
        if wanted != row.is_active:
            _switch(row, actor, on=wanted)
        elif row.is_active:
            _check_ready(row)
    return row


def try_out(platform: UpperPlatform, *, actor: User | None = None) -> Trouble | None:
    """Register and keep alive, once, and send nothing; what went wrong, None where all is well."""
    check_actor(actor, platform.compound_id)
    speaker = speaker_of(platform)
    trouble = None
    try:
        speaker.register()
        speaker.keep_alive()
    except Trouble as found:
        trouble = found
    with events.writing():
        if trouble is None:
            # Somebody looks now: it need not wait for its next try.
            UpperPlatform.objects.filter(pk=platform.pk).update(due_at=None)
        code = trouble.code.lower() if trouble else "ok"
        _tell("upper.tested", platform, actor, code=code)
    return trouble


def speaker_of(platform: UpperPlatform) -> Speaker:
    return Speaker(platform.url, platform.number, platform.username, platform.password)


def locked(key: int) -> UpperPlatform:
    row: UpperPlatform = UpperPlatform.objects.select_for_update(of=("self",)).get(pk=key)
    return row


def check_actor(actor: User | None, compound_id: int) -> None:
    """The installation itself (no actor), the operator, managers and installers."""
    if actor is not None and not SET_UP & actor.roles_in(compound_id):
        raise PermissionDenied


def check_url(url: str) -> str:
    """The address as it is kept, without the standard's own path. Raises ValidationError.

    Private addresses are allowed, as devices' are (ADR 109); a name is looked up when it counts.
    """
    url, host = check_form(url)
    if "?" in url:
        raise ValidationError({"url": _("Leave out everything from the question mark on.")})
    url = url.rstrip("/")
    url = url[: -len("/VIID")] if url.upper().endswith("/VIID") else url
    try:
        address = ip_address(host)
    except ValueError:
        return url
    if not addresses.is_allowed(address):
        text = _("This is an address of this machine, or one for machines. It is not called.")
        raise ValidationError({"url": text})
    return url


def _set(row: UpperPlatform, values: dict[str, Any]) -> list[str]:
    """Take over what differs; the names of the fields."""
    given = {name: value for name, value in values.items() if name in FIELDS}
    if not given.get("password"):
        given.pop("password", None)
    given |= {name: given[name].strip() for name in ("name", "number", "username") if name in given}
    if "url" in given:
        given["url"] = check_url(given["url"])
    changed = [name for name, value in given.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, given[name])
    row.full_clean(exclude=["compound", "switched_by"])
    if not is_number(row.number):
        raise ValidationError({"number": NOT_A_NUMBER})
    return changed


NOT_A_NUMBER = _(
    "This is no number of the standard: 20 digits, of which the first two name the province and "
    "the eleventh to thirteenth the kind of device, such as 41010000001190000007."
)


def _set_gates(row: UpperPlatform, gates: Gates) -> bool:
    """Keep exactly these gates; whether anything changed. A new one counts from now on."""
    own = Gate.objects.filter(compound=row.compound_id, kind=Gate.Kind.VEHICLE, pk__in=gates)
    if own.count() != len(gates):
        raise ValidationError(_("Choose from the vehicle gates of this compound."))
    for key, (number, inward) in gates.items():
        if not is_number(number):
            raise ValidationError({f"gate_{key}": NOT_A_NUMBER})
        if inward not in UpperGate.Inward.values:
            raise ValidationError({f"inward_{key}": _("Choose one of the directions.")})
    known = {one.gate_id: one for one in row.gates.all()}
    kept = {key: (one.number, one.inward) for key, one in known.items()}
    if kept == gates:
        return False
    row.gates.exclude(gate__in=gates).delete()
    since = queue.high(row.compound_id)
    for key, (number, inward) in gates.items():
        one = known.get(key) or UpperGate(platform=row, gate_id=key, since=since)
        one.number, one.inward = number, inward
        one.save()
    return True


def _switch(row: UpperPlatform, actor: User | None, *, on: bool) -> None:
    now = timezone.now()
    if on:
        _check_ready(row)
        # What passed while it was off was not meant for the platform.
        row.cursor = queue.high(row.compound_id)
        row.missed = row.failures = row.tries = row.stuck = 0
        row.code = row.said = ""
    row.is_active, row.switched_by, row.switched_at = on, actor, now
    row.silent_since, row.alerted_at, row.due_at = (now if on else None), None, None
    row.save()
    close_by_key(row.compound_id, silent_key(row))
    facts = {"gates": row.gates.count(), "pictures": row.sends_pictures} if on else {}
    _tell("upper.switched_on" if on else "upper.switched_off", row, actor, **facts)


def _check_ready(row: UpperPlatform) -> None:
    if not row.password:
        raise ValidationError({"password": _("Type in the password of the platform first.")})
    if not row.gates.exists():
        text = _("Give at least one gate its number at the platform, or switch it off.")
        raise ValidationError({"is_active": text})


def silent_key(row: UpperPlatform) -> str:
    """The alert's key while nothing gets through."""
    return f"upper_silent-{row.pk}"


def _tell(kind: str, row: UpperPlatform, actor: User | None, **facts: Any) -> None:
    events.record(kind, compound=row.compound_id, actor=actor, platform=row.pk, **facts)
