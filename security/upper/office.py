"""Upper platforms in the office: what is sent to whom, how it goes, and what was refused."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, Value
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display

from community.admin_again import AgainAdmin
from community.admin_base import (
    CompoundAdmin,
    DeedForm,
    VisibleRelatedFilter,
    acting,
    compound_of,
    working_in,
)
from community.admin_filters import MomentFilter
from community.models import Compound, Gate, User
from community.templatetags.linli import plate_html, tag_html
from security.models import UpperPlatform, UpperRefusal
from security.upper import operations, queue
from security.upper.forms import form_for, gate_fields, taken_apart
from security.upper.kinds import sentence

SET_UP = frozenset({"manager", "installer"})
MANAGERS = frozenset({"manager"})
WHAT = "admin/security/upperplatform/what.html"
State = UpperRefusal.State


@admin.register(UpperPlatform)
class UpperPlatformAdmin(CompoundAdmin):
    """Off until somebody switches it on; who did stands in the ledger and on the page."""

    read_roles = write_roles = SET_UP
    list_display = ["name", "url", "state_mark", "wrong", "accepted_at", "refused"]
    list_filter = [("compound", VisibleRelatedFilter), "is_active"]
    search_fields = ["name", "url", "number"]
    search_help_text = _("Name, address or number")
    list_before_template = change_form_before_template = WHAT
    readonly_fields = [
        "state_mark", "registered_at", "accepted_at", "wrong", "waits", "dropped", "refused",
        "switched",
    ]  # fmt: skip
    actions_detail = ["test"]

    def get_queryset(self, request: HttpRequest) -> Any:
        turned_away = Count("refusals", Q(refusals__state=State.REFUSED))
        rows = super().get_queryset(request).select_related("switched_by")
        # Plates are not for installers: to them it is a number.
        user = acting(request)
        may_read = user.is_superuser or bool(user.compounds_as(MANAGERS))
        return rows.annotate(turned_away=turned_away, may_read=Value(may_read))

    def _gates(self, request: HttpRequest, obj: Any) -> list[Gate]:
        """The vehicle gates of the row's compound, read once for a page."""
        compound = compound_of(obj) if obj else working_in(request)
        kept: dict[int | None, list[Gate]] = getattr(request, "_upper_gates", {})
        if compound not in kept:
            rows = Gate.objects.filter(compound=compound, kind=Gate.Kind.VEHICLE)
            kept[compound] = list(rows)
            request.__dict__["_upper_gates"] = kept
        return kept[compound]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = form_for(self._gates(request, obj))
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        gates: Any = gate_fields(self._gates(request, obj))
        told = _("A gate without a number is not sent. Ask the platform for the numbers.")
        if not gates:
            told = _("This compound has no vehicle gate yet. Make one under “Gates” first.")
        found: list[Any] = [
            (None, {"fields": ["name", "is_active", "sends_pictures", "alert_after_h"]}),
            (_("The platform"), {"fields": ["url", "number", ("username", "new_password")]}),
            (_("Gates that are sent"), {"fields": gates, "description": told}),
        ]
        if obj:
            fields = [
                ("state_mark", "switched"), "wrong", ("registered_at", "accepted_at"),
                ("waits", "dropped"), "refused",
            ]  # fmt: skip
            found.insert(0, (_("How it goes"), {"fields": fields}))
        return found

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        gates, others = taken_apart(values)
        return operations.add_platform(
            compound=compound, gates=gates, actor=acting(request), **others
        )

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        gates, others = taken_apart(values)
        return operations.change_platform(obj, gates=gates, actor=acting(request), **others)

    @display(description=_("state"))
    def state_mark(self, row: UpperPlatform) -> SafeString:
        if not row.is_active:
            return tag_html("off", str(_("Off, nothing is sent")))
        if row.registered_at is None:
            return tag_html("deny", str(_("Not connected")))
        if row.code:
            return tag_html("ask", str(_("Connected, not everything is taken")))
        return tag_html("allow", str(_("Connected")))

    @display(description=_("what does not work"))
    def wrong(self, row: UpperPlatform) -> str:
        told = sentence(row.code) if row.is_active else ""
        if told and row.said:
            return _t("%(sentence)s It said: “%(words)s”") % {"sentence": told, "words": row.said}
        return told or "–"

    @display(description=_("waiting"))
    def waits(self, row: UpperPlatform) -> str:
        found = queue.waiting(row)
        if found.oldest is None:
            return str(_("Nothing waits"))
        count = f"{found.count:,}" + ("+" if found.count == queue.COUNTED else "")
        told = ngettext(
            "%(count)s passage, the oldest for %(age)s",
            "%(count)s passages, the oldest for %(age)s",
            found.count,
        )
        return told % {"count": count, "age": timesince(found.oldest, depth=1)}

    @display(description=_("refused by it"), ordering="turned_away")
    def refused(self, row: Any) -> SafeString | int:
        if not row.turned_away or not row.may_read:
            return int(row.turned_away)
        url = reverse("admin:security_upperrefusal_changelist")
        query = f"platform__id__exact={row.pk}&state__exact={State.REFUSED.value}"
        return format_html('<a href="{}?{}">{}</a>', url, SafeString(query), row.turned_away)

    @display(description=_("switched by"))
    def switched(self, row: UpperPlatform) -> str:
        if row.switched_at is None:
            return str(_("Never switched on"))
        at = timezone.localtime(row.switched_at).strftime("%Y-%m-%d %H:%M")
        return f"{row.switched_by or _t('Linli')} · {at}"

    @action(
        description=_("Send a test"),
        icon="send",
        permissions=["change"],
        dialog={
            "title": _("Send a test"),
            "description": _(
                "We register and say that we live, with what is saved here. No passage is sent. "
                "It takes 40 seconds at most."
            ),
            "form_class": DeedForm,
            "form_submit_text": _("Send"),
        },
    )
    def test(self, request: HttpRequest, form: DeedForm, object_id: int) -> HttpResponse:
        return self.do(
            request,
            form,
            lambda: self._tried(self.row(request, object_id), request),
            _("The platform took our registration and our sign of life."),
        )

    def _tried(self, row: UpperPlatform, request: HttpRequest) -> None:
        trouble = operations.try_out(row, actor=acting(request))
        if trouble is not None:
            raise ValidationError([one for one in (sentence(trouble.code), trouble.said) if one])


@admin.register(UpperRefusal)
class UpperRefusalAdmin(AgainAdmin):
    """What a platform did not want, with its words; kept for 30 days."""

    read_roles = write_roles = MANAGERS
    list_display = ["at", "plate_piece", "lane", "platform", "words", "state_mark"]
    list_filter = [
        "state",
        ("platform", VisibleRelatedFilter),
        ("at", MomentFilter),
        ("compound", VisibleRelatedFilter),
    ]
    search_fields = ["passage__plate", "said", "code"]
    search_help_text = _("Plate, or a part of it; the platform's words")
    list_select_related = ["passage__lane", "platform"]
    fields = readonly_fields = [
        "at", "plate_piece", "lane", "seen", "platform", "words", "state_mark",
    ]  # fmt: skip
    actions_detail = ["send_again"]
    MARKS = {State.REFUSED: "deny", State.WAITING: "due", State.TAKEN: "allow"}

    @display(description=_("plate"), ordering="passage__plate")
    def plate_piece(self, row: UpperRefusal) -> SafeString:
        return plate_html(row.passage.plate, row.passage.kind)

    @display(description=_("lane"))
    def lane(self, row: UpperRefusal) -> str:
        return str(row.passage.lane)

    @display(description=_("seen"))
    def seen(self, row: UpperRefusal) -> Any:
        return row.passage.seen_at

    @display(description=_("why"))
    def words(self, row: UpperRefusal) -> str:
        return " ".join(one for one in (sentence(row.code), row.said) if one)

    @display(description=_("state"), ordering="state")
    def state_mark(self, row: UpperRefusal) -> SafeString:
        return tag_html(self.MARKS[State(row.state)], str(row.get_state_display()))

    @action(
        description=_("Send again"),
        icon="replay",
        dialog={
            "title": _("Send again"),
            "description": _("Once, under the same id, when the platform is next spoken with."),
            "form_class": DeedForm,
            "form_submit_text": _("Send"),
        },
    )
    def send_again(self, request: HttpRequest, form: DeedForm, object_id: int) -> HttpResponse:
        return self.sent_again(request, form, object_id)

    def once_more(self, row: UpperRefusal, actor: User) -> None:
        operations.send_again(row, actor=actor)
