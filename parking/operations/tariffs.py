"""Tariffs and coupons: kept as drafts, tried out, switched on; given, used, ended."""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Compound, Unit, User
from community.vision.grammar import normalise
from parking.models import Coupon, CouponUse, PriceChange, Stay, Tariff
from parking.operations.prices import locked_stay, reprice
from parking.operations.rules import MARKUP, clean_plate, clean_text, today
from parking.tariff_words import told, yuan
from parking.tariffs import faults, parse

#: Letters and digits that cannot be mistaken for each other when they are typed from paper.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE = re.compile(r"^[A-Z0-9-]{3,20}$")
LONGEST_TYPED = 40
MOST_MINUTES, MOST_FEN, MOST_USES = 30 * 24 * 60, 1_000_000, 100_000


def save_tariff(
    *,
    compound: Compound,
    name: str,
    starts_on: date,
    rules: dict[str, Any],
    source: str = "",
    tariff: Tariff | None = None,
    actor: User | None = None,
) -> Tariff:
    """Keep a draft, new or changed. Nothing is charged by it until it is switched on.

    Raises ValidationError: rules with a hole or an overlap (the hour is named), no name, a
    version that is switched on already.
    """
    name = clean_text("name", name, 60)
    if not name:
        raise _fault("name", _("Give the tariff a name."))
    source = clean_text("source", source, 120)
    check_rules(rules)
    with events.writing():
        row = _draft(compound, tariff)
        row.name, row.starts_on, row.rules, row.source = name, starts_on, rules, source
        row.save()
        events.record("parking.tariff_saved", compound=compound, actor=actor, tariff=row.pk)
    return row


def _draft(compound: Compound, tariff: Tariff | None) -> Tariff:
    if tariff is None:
        return Tariff(compound=compound)
    row: Tariff = Tariff.objects.select_for_update(of=("self",)).get(pk=tariff.pk)
    if row.switched_on_at is not None:
        raise _fault("", _("This version is in force and stays as it is. Make a new one."))
    return row


def check_rules(rules: dict[str, Any]) -> None:
    """Raises ValidationError with one sentence for each fault."""
    try:
        read = parse(rules)
        found = faults(read)
    except (ValueError, KeyError, TypeError) as error:
        text = _("The rules cannot be read. Check the hours and the amounts.")
        raise _fault("rules", text) from error
    if found:
        named = [bool(rate.kinds) for rate in read.rates]
        raise ValidationError({"rules": [told(each, named=named[each.rate]) for each in found]})


def switch_on(tariff: Tariff, *, actor: User | None = None) -> Tariff:
    """From its first day on it counts; a version that is switched on is never changed again.

    Raises ValidationError for a first day in the past, and where another version has that day.
    """
    with events.writing():
        row: Tariff = (
            Tariff.objects.select_for_update(of=("self",))
            .select_related("compound")
            .get(pk=tariff.pk)
        )
        if row.switched_on_at is not None:
            return row
        if row.starts_on < today(row.compound):
            text = _("A tariff cannot begin in the past. Choose today or a later day.")
            raise _fault("starts_on", text)
        check_rules(row.rules)
        row.switched_on_at, row.switched_on_by = timezone.now(), actor
        try:
            with transaction.atomic():
                row.save(update_fields=["switched_on_at", "switched_on_by"])
        except IntegrityError as error:
            text = _("Another tariff begins on this day. Choose another day.")
            raise _fault("starts_on", text) from error
        events.record("parking.tariff_on", compound=row.compound, actor=actor, tariff=row.pk)
    return row


# Coupons.


def give_coupon(
    *,
    compound: Compound,
    kind: str,
    value: int,
    giver: str,
    valid_from: datetime,
    valid_until: datetime,
    code: str = "",
    most_uses: int = 1,
    plate: str = "",
    unit: Unit | None = None,
    actor: User | None = None,
) -> Coupon:
    """A coupon of a shop, a host (``unit``) or the office. Without a code it gets one.

    Raises ValidationError for a code that is taken or no code, values out of range, no giver.
    """
    values = _gift(kind, value) | _terms(giver, valid_from, valid_until, most_uses)
    code = clean_code(code) if code else _new_code()
    if unit is not None and unit.compound_id != compound.pk:
        raise _fault("unit", _("This belongs to another compound."))
    values["plate"] = clean_plate(plate) if plate else ""
    with events.writing():
        try:
            with transaction.atomic():
                row = Coupon.objects.create(compound=compound, code=code, unit=unit, **values)
        except IntegrityError as error:
            raise _fault("code", _("This code is taken. Choose another one.")) from error
        events.record("parking.coupon_given", compound=compound, actor=actor, coupon=row.pk)
    return row


def _gift(kind: str, value: int) -> dict[str, Any]:
    most = {"minutes": MOST_MINUTES, "off": MOST_FEN, "percent": 100, "whole": 0}
    if kind not in most:
        raise _fault("kind", _("Choose what the coupon gives."))
    if kind == Coupon.Kind.WHOLE:
        value = 0
    elif not 1 <= value <= most[kind]:
        text = _("Give a number from 1 to %(most)s.") % {"most": most[kind]}
        if kind == Coupon.Kind.OFF:
            text = _("Give an amount of at most %(most)s.") % {"most": yuan(MOST_FEN)}
        raise _fault("value", text)
    return {"kind": kind, "value": value}


def _terms(giver: str, start: datetime, end: datetime, uses: int) -> dict[str, Any]:
    if not 1 <= uses <= MOST_USES:
        raise _fault("most_uses", _("Give a number from 1 to %(most)s.") % {"most": MOST_USES})
    if end <= start:
        raise _fault("valid_until", _("The end is before the beginning."))
    giver = clean_text("giver", giver, 60)
    if not giver:
        raise _fault("giver", _("Say who gives it, such as a shop or a home."))
    return {
        "giver": giver,
        "valid_from": start,
        "valid_until": end,
        "most_uses": uses,
    }


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(8))


def clean_code(text: Any) -> str:
    """A code as stored. Raises ValidationError for what can be none, however long."""
    raw = str(text or "")
    if len(raw) > LONGEST_TYPED or MARKUP & set(raw):
        raise _fault("code", _("This is no coupon code. Type what stands on the coupon."))
    code = "".join(raw.split()).upper()
    if not CODE.match(code):
        raise _fault("code", _("This is no coupon code. Type what stands on the coupon."))
    return code


def end_coupon(coupon: Coupon, *, actor: User | None = None) -> Coupon:
    """It can be used no more; stays that used it keep it."""
    with events.writing():
        row: Coupon = Coupon.objects.select_for_update(of=("self",)).get(pk=coupon.pk)
        if row.ended_at is None:
            row.ended_at = timezone.now()
            row.save(update_fields=["ended_at"])
            events.record("parking.coupon_ended", compound=row.compound_id, actor=actor,
                          coupon=row.pk)  # fmt: skip
    return row


def use_coupon(stay: Stay, code: str, *, actor: User | None = None) -> CouponUse:
    """Put a coupon on a stay that has not ended; the same one again is no second use.

    Raises ValidationError: no such code, not now, used up, for another plate, the stay has one.
    """
    code = clean_code(code)
    with events.writing():
        row = locked_stay(stay)
        rows = Coupon.objects.select_for_update(of=("self",)).of(row.compound_id)
        coupon: Coupon | None = rows.filter(code=code).first()
        if coupon is None:
            raise _fault("code", _("We do not know this coupon. Compare the code."))
        held = CouponUse.objects.filter(stay=row).first()
        if held is not None and held.coupon_id == coupon.pk:
            return held
        _may_use(coupon, row, held)
        use = CouponUse.objects.create(
            compound_id=row.compound_id, coupon=coupon, stay=row, used_at=timezone.now()
        )
        events.record("parking.coupon_used", compound=row.compound_id, actor=actor,
                      coupon=coupon.pk, stay=row.pk)  # fmt: skip
        reprice(row, PriceChange.Why.COUPON, actor=actor)
    return use


def _may_use(coupon: Coupon, stay: Stay, held: CouponUse | None) -> None:
    now = timezone.now()
    if held is not None:
        raise _fault("code", _("This stay has a coupon already."))
    if stay.left_at is not None:
        raise _fault("code", _("This car has left. A coupon counts while it is inside."))
    if coupon.ended_at is not None or not coupon.valid_from <= now < coupon.valid_until:
        raise _fault("code", _("This coupon is not valid now."))
    if coupon.plate and coupon.plate != normalise(stay.plate):
        raise _fault("code", _("This coupon is for another car."))
    used = CouponUse.objects.filter(coupon=coupon).aggregate(n=Count("pk"))["n"]
    if used >= coupon.most_uses:
        raise _fault("code", _("This coupon is used up."))


def _fault(field: str, text: Any) -> ValidationError:
    return ValidationError({field: [text]} if field else [text])
