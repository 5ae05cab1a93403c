"""Webhooks and what they were told, for managers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.places import CREATED, MANAGERS
from community.api_base import (
    AT,
    CompoundField,
    CompoundFilter,
    ReadView,
    RowSerializer,
    deed,
    described,
    listed,
    refusals,
)
from community.models import Webhook, WebhookDelivery
from community.webhooks import operations
from community.webhooks.sentences import sentence

SECRET = "linli_whsec_…"  # noqa: S105 - what an example shows


class WebhookSerializer(serializers.Serializer):
    example = {
        "id": 1, "compound": "wutong", "name": "Street office", "url": "https://example.com/linli",
        "kinds": ["gate.passage_decided"], "is_active": True, "failures": 0, "paused_until": None,
        "created_at": AT,
    }  # fmt: skip

    id = serializers.IntegerField(read_only=True)
    compound = CompoundField()
    name = serializers.CharField(max_length=60)
    url = serializers.CharField(max_length=400, help_text=_("https://, or http:// where it must."))
    kinds = serializers.ListField(
        child=serializers.CharField(max_length=64),
        required=False,
        max_length=200,
        help_text=_("Kinds of events; none: all of them."),
    )
    is_active = serializers.BooleanField(required=False)
    failures = serializers.IntegerField(read_only=True, help_text=_("Failed attempts in a row."))
    paused_until = serializers.DateTimeField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)


class NewWebhookSerializer(WebhookSerializer):
    example = WebhookSerializer.example | {"secret": SECRET}

    secret = serializers.CharField(read_only=True, help_text=_("Shown this once."))


class SecretSerializer(serializers.Serializer):
    example = {"secret": SECRET}

    secret = serializers.CharField(read_only=True, help_text=_("Shown this once."))


class DeliverySerializer(RowSerializer):
    example = {
        "id": 31, "compound": "wutong", "webhook": 1, "delivery": "0b1f6d9e-5a77-4d0e-9d4b-3f6a",
        "sequence": 1204, "kind": "gate.passage_decided", "state": "done", "attempts": 1,
        "status": 200, "code": "", "said": "", "created_at": AT, "due_at": AT, "finished_at": AT,
    }  # fmt: skip

    webhook = serializers.IntegerField(source="webhook_id", read_only=True)
    delivery = serializers.CharField(
        source="key", read_only=True, help_text=_("The same at every attempt.")
    )
    sequence = serializers.IntegerField(
        source="event.sequence", read_only=True, allow_null=True, default=None
    )
    kind = serializers.CharField(source="event.kind", read_only=True, default="webhook.test")
    state = serializers.ChoiceField(choices=WebhookDelivery.State.choices, read_only=True)
    attempts = serializers.IntegerField(read_only=True)
    status = serializers.IntegerField(
        read_only=True, allow_null=True, help_text=_("What the receiver answered.")
    )
    code = serializers.CharField(read_only=True, help_text=_("Why it failed; stable."))
    said = serializers.SerializerMethodField(help_text=_("The same as a sentence."))
    created_at = serializers.DateTimeField(read_only=True)
    due_at = serializers.DateTimeField(read_only=True)
    finished_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_said(self, row: WebhookDelivery) -> str:
        return sentence(row.code)


class WebhookFilter(CompoundFilter):
    is_active = filters.BooleanFilter(help_text=_("Whether it is in use."))


@listed(
    _("Webhooks"),
    _("One webhook"),
    create=described(
        _("Add a webhook"),
        _("It hears of what happens from now on. Keep its secret: it is shown this once."),
        request=WebhookSerializer,
        responses={201: NewWebhookSerializer},
    ),
    partial_update=described(_("Change a webhook"), _("Only what is given is changed.")),
)
class WebhookViewSet(ReadView):
    queryset = Webhook.objects.select_related("compound")
    serializer_class = WebhookSerializer
    filterset_class = WebhookFilter
    write_roles = MANAGERS

    def create(self, request: Request) -> Response:
        given = self.given(request)
        compound = self.compound_to_write(given.pop("compound", {}).get("code"))
        with refusals():
            row, secret = operations.add_webhook(compound=compound, actor=self.actor, **given)
        shown: dict[str, Any] = {**self.get_serializer(row).data, "secret": secret}
        return Response(shown, status=CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        row = self.writable()
        given = self.given(request, partial=True)
        given.pop("compound", None)
        with refusals():
            return self.shown(operations.change_webhook(row, actor=self.actor, **given))

    @deed(_("Issue a new secret"), gives=SecretSerializer, name="issue-secret", status=201,
          about=_("The old one counts for 24 hours more: both signatures are sent."))  # fmt: skip
    def issue_secret(self, request: Request, pk: str) -> Response:
        secret = operations.issue_secret(self.writable(), actor=self.actor)
        return Response(SecretSerializer({"secret": secret}).data, status=CREATED)

    @deed(_("Send a test"), gives=DeliverySerializer, name="test", status=201,
          about=_("Queued at once; read the delivery a few seconds later."))  # fmt: skip
    def test(self, request: Request, pk: str) -> Response:
        with refusals():
            row = operations.send_test(self.writable(), actor=self.actor)
        return Response(DeliverySerializer(row).data, status=CREATED)


class DeliveryFilter(CompoundFilter):
    webhook = filters.NumberFilter("webhook_id", help_text=_("Id of the webhook."))
    state = filters.ChoiceFilter(
        choices=WebhookDelivery.State.choices, help_text=_("How it stands.")
    )


@listed(_("What webhooks were told"), _("One delivery"), _("Kept a week, a month where given up."))
class DeliveryViewSet(ReadView):
    queryset = WebhookDelivery.objects.select_related("compound", "event")
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter
    write_roles = MANAGERS

    @deed(_("Send again"), gives=DeliverySerializer, name="send-again",
          about=_("With all its attempts, under the same delivery id."))  # fmt: skip
    def send_again(self, request: Request, pk: str) -> Response:
        row = self.writable()
        with refusals():
            operations.send_again(row, actor=self.actor)
        return self.shown(self.get_object())
