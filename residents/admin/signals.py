"""The queue of homes where the files and life disagree, and from what on something stands in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from community.admin_base import CompoundAdmin, DeedForm, VisibleRelatedFilter, acting
from community.models import Compound, Role, User
from community.querysets import OFFICE, STAFF
from community.templatetags.linli import tag_html
from residents import operations, signal_words
from residents.admin.deeds import DealsAdmin, day, deed, line
from residents.models import Sign, Signal, SignalKind, SignalRule

State, Outcome = Signal.State, Signal.Outcome
TONES = {State.OPEN: "ask", State.VISIT: "info", State.MUTED: "off", State.CLOSED: "off"}
#: What of the weight's scale is red, and what amber.
HEAVY, MIDDLE = 70, 45
FOUND = [choice for choice in Outcome.choices if choice[0] != Outcome.SETTLED]
#: The signs behind each kind; "no sign of life" has none.
BEHIND = {
    SignalKind.LEASE_OVER: Sign.Kind.ENTRY,
    SignalKind.PASS_NIGHTS: Sign.Kind.PASS_NIGHT,
    SignalKind.CAR_NIGHTS: Sign.Kind.CAR_NIGHT,
}
SHOWN_DAYS = 31


class PendingFilter(admin.SimpleListFilter):
    """Without a choice, what waits for somebody."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*State.choices, ("all", _("All, closed too"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.value()
        if chosen in State.values:
            return queryset.filter(state=chosen)
        return queryset if chosen == "all" else queryset.pending()


class VisitForm(DeedForm):
    on = day(_("Visit on"))
    to = forms.ModelChoiceField(
        label=_("Who calls there"),
        queryset=User.objects.none(),
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=_("You, unless you choose somebody."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = Signal.objects.filter(pk=self.object_id).first()
        held = Role.objects.filter(role__in=STAFF, ended_at=None)
        here = held.filter(compound_id=row.compound_id if row else 0)
        field: Any = self.fields["to"]
        field.queryset = User.objects.filter(pk__in=here.values("user_id")).order_by("name")
        self.fields["on"].initial = timezone.localdate


class OutcomeForm(DeedForm):
    outcome = forms.ChoiceField(
        label=_("What was found"), choices=FOUND, widget=UnfoldAdminSelectWidget
    )
    note = line(_("Note"), 200, required=False, about=_("The person can read it."))


class MuteForm(DeedForm):
    reason = line(_("Why the signal is wrong"), 200, about=_("The person can read it."))
    until = day(_("Muted until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = lambda: timezone.localdate() + timedelta(days=90)


def once_a_row(tell: Callable[[Any, Signal], Any]) -> Callable[[Any, Signal], Any]:
    """Keeps what a column says on its row: a page asks five times for what it shows once."""

    @wraps(tell)
    def told(page: Any, row: Signal) -> Any:
        known = row.__dict__.setdefault("_told", {})
        if tell.__name__ not in known:
            known[tell.__name__] = tell(page, row)
        return known[tell.__name__]

    return told


@admin.register(Signal)
class SignalAdmin(DealsAdmin):
    """Found by night, never entered by hand. What leads on is a visit, and what it found."""

    read_roles = OFFICE
    list_display = ["heavy", "kind", "where", "person", "why", "state_mark", "found_on"]
    list_select_related = ["unit", "person", "assigned_to"]
    list_filter = [
        PendingFilter,
        "kind",
        "outcome",
        ("unit__building", VisibleRelatedFilter),
        ("compound", VisibleRelatedFilter),
    ]
    search_fields = ["unit__code", "person__name", "plate"]
    search_help_text = _("Home, name or plate")
    ordering = ["-weight", "found_on", "id"]
    fields = [
        *("kind", "where", "person", "why", "ask", "seen_on", "others", "heavy", "found_on"),
        *("state_mark", "outcome", "note", "assigned_to", "visit_on", "muted_until"),
        *("closed_on", "closed_by"),
    ]
    actions_detail = actions_row = ["visit", "found", "mute"]

    @display(description=_("weight"), ordering="weight")
    def heavy(self, row: Signal) -> SafeString:
        tone = "deny" if row.weight >= HEAVY else "due" if row.weight >= MIDDLE else "info"
        return tag_html(tone, str(row.weight))

    @display(description=_("where"))
    def where(self, row: Signal) -> str:
        return signal_words.where(row) or "–"

    @display(description=_("evidence"))
    def why(self, row: Signal) -> str:
        return signal_words.why(row)

    @display(description=_("to clear up"))
    def ask(self, row: Signal) -> str:
        return str(signal_words.ASK[row.kind])

    @display(description=_("state"), ordering="state")
    def state_mark(self, row: Signal) -> SafeString:
        text = str(row.get_state_display())
        if row.state == State.VISIT:
            text = f"{text} {row.visit_on:%m-%d}"
        if row.state == State.MUTED:
            text = _now("Muted until %(day)s") % {"day": row.muted_until}
        if row.state == State.CLOSED:
            text = str(row.get_outcome_display())
        return tag_html(TONES[State(row.state)], text)

    @display(description=_("seen on"))
    @once_a_row
    def seen_on(self, row: Signal) -> str:
        """The days behind it, as long as the signs are kept."""
        kind = BEHIND.get(SignalKind(row.kind))
        rows = Sign.objects.of(row.compound_id).filter(kind=kind)
        if row.kind == SignalKind.CAR_NIGHTS:
            rows = rows.filter(plate=row.plate)
        else:
            rows = rows.filter(unit=row.unit_id)
        if row.kind == SignalKind.LEASE_OVER:
            rows = rows.filter(person=row.person_id, on__gt=row.evidence.get("ended", row.found_on))
        days = rows.order_by("-on").values_list("on", flat=True).distinct()[:SHOWN_DAYS]
        return "、".join(day.isoformat() for day in days) or "–"

    @display(description=_("more about this home"))
    @once_a_row
    def others(self, row: Signal) -> SafeString | str:
        if row.unit_id is None:
            return "–"
        rows = Signal.objects.of(row.compound_id).filter(unit=row.unit_id).exclude(pk=row.pk)
        lines = ((one.pk, one.get_kind_display(), one.found_on) for one in rows[:6])
        return format_html_join(
            " · ", '<a href="/admin/residents/signal/{}/change/">{} {}</a>', lines
        ) or "–"  # fmt: skip

    visit = deed(
        "visit",
        _("Plan a visit"),
        _("Somebody calls there and asks. Nobody's rights change by a signal."),
        _("The visit is planned, and who goes is told."),
        operations.plan_visit,
        icon="directions_walk",
        form=VisitForm,
    )
    found = deed(
        "found",
        _("What was found"),
        _("The signal is closed by it. Then register the person, or end what is over."),
        _("It is on file, and the signal is closed."),
        operations.close_signal,
        icon="check",
        form=OutcomeForm,
    )
    mute = deed(
        "mute",
        _("Mute"),
        _("For a wrong signal: it rests until the day, then it is weighed anew."),
        _("The signal rests."),
        operations.mute_signal,
        icon="notifications_off",
        form=MuteForm,
    )


@admin.register(SignalRule)
class SignalRuleAdmin(CompoundAdmin):
    """From what on, and how much it weighs; where none is set, ours count (docs/residents.md)."""

    read_roles = OFFICE
    write_roles = frozenset({"manager"})
    list_display = ["kind", "times", "days", "weight", "is_active", "compound"]
    list_filter = [("compound", VisibleRelatedFilter)]

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        rule = SignalRule(compound=compound, **values)
        return operations.set_signal_rule(rule, actor=acting(request))

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        for name, value in values.items():
            setattr(obj, name, value)
        return operations.set_signal_rule(obj, actor=acting(request))
