"""Cars at an exit that had to pay first: opened for once the money is there."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from community import events
from community.models import User
from community.verdicts import Outcome
from parking import leaving
from parking import operations as parking
from parking.models import Debt, Payment, Stay
from security.card_debts import debts_of
from security.models import Passage
from security.operations.hands import _check_guard, open_by_hand
from security.operations.locks import locked_passage, order_open
from security.reasons import OpenReason

State = Passage.State
#: Whoever paid and still stands at the barrier after this is looked at by the guard.
WAITS = timedelta(minutes=30)
#: Why a guard let a car out that had not paid, as the debt says it.
AS_DEBT = {OpenReason.EMERGENCY: Debt.Reason.EMERGENCY, OpenReason.POLICE: Debt.Reason.EMERGENCY}


def open_paid(stay: Stay) -> Passage | None:
    """Open for the car of a stay that waits at an exit and owes nothing now; None if none does."""
    owed = leaving.owed_for(stay, timezone.now())
    if owed is not None and owed.due_fen:
        return None
    since = timezone.now() - WAITS
    rows = Passage.objects.filter(
        compound_id=stay.compound_id, state=State.WAITING, code=leaving.UNPAID, seen_at__gte=since,
        plate=stay.plate, facts__stay=stay.pk,
    )  # fmt: skip
    waiting = rows.order_by("-pk").first()
    return _open(waiting) if waiting is not None else None


def _open(passage: Passage) -> Passage | None:
    with events.writing():
        held, lane = locked_passage(passage)
        barrier = lane.barrier
        if held.state != State.WAITING or barrier is None or not barrier.is_active:
            return None
        held.state, held.outcome = State.OPENED, Outcome.ALLOW.value
        held.code, held.decided_at = "exit_paid", timezone.now()
        held.save(update_fields=["state", "outcome", "code", "decided_at"])
        events.record(
            "gate.passage_decided", compound=held.compound_id, lane=lane.pk, passage=held.pk,
            outcome=held.outcome, code=held.code,
        )  # fmt: skip
        order_open(held, barrier, lane, since=held.decided_at)
    return held


def take_cash(passage: Passage, amount_fen: int, user: User) -> Passage:
    """The guard was paid at the window: booked, and opened.

    Raises as ``parking.operations.take_cash`` and ``open_by_hand``.
    """
    stay = stay_of(passage)
    parking.take_cash(stay, amount_fen, actor=user)
    return open_by_hand(
        lane=passage.lane, passage=passage, user=user, reason=OpenReason.PAID, chosen=False
    )


def take_old_debt(passage: Passage, debt_id: int, amount_fen: int, user: User) -> Payment:
    """A debt from before is paid in cash beside this passage; nothing opens by it.

    Said twice, it is one payment. Raises PermissionDenied; ValidationError where it is no debt of
    this car, or another sum.
    """
    _check_guard(user, passage.compound_id)
    debt = next((row for row in debts_of(passage) if row.pk == debt_id), None)
    if debt is None:
        paid = Debt.objects.of(passage.compound_id).filter(pk=debt_id, settled_at__isnull=False)
        debt = paid.select_related("stay").first()
    if debt is None:
        raise ValidationError(_("Nobody owes this any more."))
    return parking.take_cash(debt.stay, amount_fen, actor=user)


def let_go_unpaid(passage: Passage, reason: str, user: User, note: str = "") -> Passage:
    """Out without paying: a debt on the plate, with the guard's reason."""
    debt = parking.let_go_unpaid(stay_of(passage), reason, note=note, actor=user)
    said = OpenReason.UNPAID if debt is not None else OpenReason.PAID
    return open_by_hand(
        lane=passage.lane, passage=passage, user=user, reason=said, note=note, chosen=False
    )


def keep_debt(passage: Passage, user: User | None) -> Debt | None:
    """A guard opened for another reason: what was due is a debt all the same."""
    if "due" not in passage.facts or "stay" not in passage.facts:
        return None
    reason = AS_DEBT.get(OpenReason(passage.reason), Debt.Reason.OTHER)
    note = passage.note or str(OpenReason(passage.reason).label)
    return parking.let_go_unpaid(stay_of(passage), reason, note=note[:200], actor=user)


def stay_of(passage: Passage) -> Stay:
    """The stay that an unpaid exit is about. Raises Stay.DoesNotExist."""
    rows = Stay.objects.of(passage.compound_id)
    found: Stay = rows.get(pk=passage.facts.get("stay") or 0)
    return found
