"""Webhooks in the office: who is told, and what became of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from community import events
from community.admin.places import MANAGERS
from community.admin_again import AgainAdmin
from community.admin_base import CompoundAdmin, DeedForm, VisibleRelatedFilter, acting
from community.models import Compound, User, Webhook, WebhookDelivery
from community.templatetags.linli import tag_html
from community.webhooks import operations
from community.webhooks.sentences import sentence

State = WebhookDelivery.State


class WebhookForm(forms.ModelForm):
    kinds = forms.MultipleChoiceField(
        label=_("kinds of events"),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("None chosen: all of them"),
    )

    class Meta:
        model = Webhook
        fields = ["name", "url", "is_active", "kinds"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = events.kinds()
        if "kinds" in self.fields:
            field: Any = self.fields["kinds"]
            field.choices = [(kind, labels[kind].label) for kind in operations.allowed_kinds()]


@admin.register(Webhook)
class WebhookAdmin(CompoundAdmin):
    """A new webhook hears of what happens from then on; its secret is issued on its own page."""

    form = WebhookForm
    read_roles = write_roles = MANAGERS
    list_display = ["name", "url", "state_mark", "waiting", "dead", "is_active"]
    list_filter = [("compound", VisibleRelatedFilter), "is_active"]
    search_fields = ["name", "url"]
    fields = ["name", "url", "is_active", "kinds"]
    actions_detail = ["issue_secret", "test"]

    def get_queryset(self, request: HttpRequest) -> Any:
        waiting = Count("deliveries", Q(deliveries__state=State.WAITING))
        dead = Count("deliveries", Q(deliveries__state=State.DEAD))
        return super().get_queryset(request).annotate(waiting=waiting, dead=dead)

    @display(description=_("state"))
    def state_mark(self, row: Webhook) -> SafeString:
        if not row.is_active:
            return tag_html("off", str(_("Switched off")))
        if row.paused_until and row.paused_until > timezone.now():
            return tag_html("deny", str(_("Fails, rests")))
        if row.failures:
            return tag_html("ask", str(_("Fails")))
        return tag_html("allow", str(_("In order")))

    @display(description=_("waiting"), ordering="waiting")
    def waiting(self, row: Any) -> int:
        return int(row.waiting)

    @display(description=_("given up"), ordering="dead")
    def dead(self, row: Any) -> int:
        return int(row.dead)

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        row, _secret = operations.add_webhook(compound=compound, actor=acting(request), **values)
        return row

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        return operations.change_webhook(obj, actor=acting(request), **values)

    @action(description=_("Issue the secret"), icon="key", permissions=["change"])
    def issue_secret(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """After a POST the secret is shown, once; a GET only asks."""
        webhook = self.row(request, object_id)
        is_post = request.method == "POST"
        secret = operations.issue_secret(webhook, actor=acting(request)) if is_post else ""
        context = self.admin_site.each_context(request) | {
            "title": webhook.name,
            "webhook": webhook,
            "secret": secret,
            "opts": self.opts,
        }
        return render(request, "admin/community/webhook/secret.html", context)

    @action(
        description=_("Send a test"),
        icon="send",
        permissions=["change"],
        dialog={
            "title": _("Send a test"),
            "description": _("The answer stands under “Webhook deliveries” in a few seconds."),
            "form_class": DeedForm,
            "form_submit_text": _("Send"),
        },
    )
    def test(self, request: HttpRequest, form: DeedForm, object_id: int) -> HttpResponse:
        webhook = self.row(request, object_id)
        return self.do(
            request,
            form,
            lambda: operations.send_test(webhook, actor=acting(request)),
            _("The test is on its way."),
        )


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(AgainAdmin):
    """What was told, is to be told, or was given up: kept a week, a month where given up."""

    read_roles = write_roles = MANAGERS
    list_display = ["created_at", "webhook", "told", "state_mark", "attempts", "answer", "due_at"]
    list_filter = ["state", ("webhook", VisibleRelatedFilter), ("compound", VisibleRelatedFilter)]
    list_select_related = ["webhook", "event"]
    fields = readonly_fields = [
        "key",
        "webhook",
        "told",
        "state_mark",
        "attempts",
        "answer",
        "created_at",
        "due_at",
        "finished_at",
    ]
    actions_detail = ["send_again"]
    MARKS = {State.WAITING: "due", State.DONE: "allow", State.DEAD: "deny"}

    @display(description=_("kind"))
    def told(self, row: WebhookDelivery) -> str:
        if row.event is None:
            return str(_("Test"))
        kind = events.kinds().get(row.event.kind)
        return str(kind.label) if kind else row.event.kind

    @display(description=_("state"), ordering="state")
    def state_mark(self, row: WebhookDelivery) -> SafeString:
        return tag_html(self.MARKS[State(row.state)], str(row.get_state_display()))

    @display(description=_("answer"))
    def answer(self, row: WebhookDelivery) -> str:
        return sentence(row.code) or (str(row.status) if row.status else "–")

    @action(
        description=_("Send again"),
        icon="replay",
        dialog={
            "title": _("Send again"),
            "description": _("With all its attempts, under the same delivery id."),
            "form_class": DeedForm,
            "form_submit_text": _("Send"),
        },
    )
    def send_again(self, request: HttpRequest, form: DeedForm, object_id: int) -> HttpResponse:
        return self.sent_again(request, form, object_id)

    def once_more(self, row: WebhookDelivery, actor: User) -> None:
        operations.send_again(row, actor=actor)
