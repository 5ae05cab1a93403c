"""`/api/v1/message-ways/`: how the caller is told of each kind of message."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.me import EVERYBODY
from community.api_base import CompoundField, CompoundView, described, refusals
from community.models import Compound, ContactPoint, Medium
from community.notifications import choices, kinds, proving, reach, readers

WHERE = [OpenApiParameter("compound", str, description=_("Code of the compound."))]
NAMES = [code for code in kinds.TOPICS if code not in choices.FIXED]


class TopicSerializer(serializers.Serializer):
    topic = serializers.CharField(source="code")
    title = serializers.CharField(source="label", help_text=_("In the caller's language."))
    ways = serializers.ListField(child=serializers.CharField())


class WaysSerializer(serializers.Serializer):
    example = {
        "compound": "wutong", "offered": ["web_push", "sms", "email"],
        "topics": [{"topic": "visit", "title": "Visitors", "ways": ["web_push", "sms"]}],
        "email": "l***@example.com", "email_waiting": "",
    }  # fmt: skip

    compound = serializers.CharField(help_text=_("Code of the compound."))
    offered = serializers.ListField(
        child=serializers.CharField(), help_text=_("Ways that are set up here.")
    )
    topics = TopicSerializer(many=True)
    email = serializers.CharField(help_text=_("Masked; empty without one."))
    email_waiting = serializers.CharField(
        help_text=_("An address to which a code was sent, masked.")
    )


class ChoiceForm(serializers.Serializer):
    example = {"compound": "wutong", "topic": "visit", "ways": ["web_push", "sms"]}

    compound = CompoundField()
    topic = serializers.ChoiceField(choices=NAMES)
    ways = serializers.ListField(
        child=serializers.ChoiceField(choices=[medium.value for medium in choices.OWN]),
        max_length=10,
        help_text=_("None: only the pages here say it, and paper from the desk."),
    )


class EmailForm(serializers.Serializer):
    example = {"compound": "wutong", "address": "lin@example.com"}

    compound = CompoundField()
    address = serializers.CharField(
        max_length=200, allow_blank=True, help_text=_("Empty: forget the one that is on file.")
    )


class CodeForm(serializers.Serializer):
    example = {"compound": "wutong", "code": "204816"}

    compound = CompoundField()
    code = serializers.CharField(max_length=12, help_text=_("As it stands in the message."))


class OwnWays(CompoundView):
    """One's own choices, whatever one's role."""

    queryset = Compound.objects.all()
    serializer_class = WaysSerializer
    read_roles = write_roles = EVERYBODY
    filter_backends: list[Any] = []

    def told(self, compound: Compound) -> Response:
        user = self.actor
        mail = ContactPoint.objects.filter(user=user, compound=compound, medium=Medium.EMAIL)
        held, waiting = mail.first(), proving.waiting(user, compound)
        topics = [
            one | {"ways": [way["code"] for way in one["ways"] if way["on"]]}
            for one in choices.chosen(user, compound)
        ]
        shown = {
            "compound": compound.code,
            "offered": choices.offered(compound),
            "topics": topics,
            "email": reach.masked(str(held.address)) if held else "",
            "email_waiting": reach.masked(waiting.address) if waiting else "",
        }
        return Response(WaysSerializer(shown).data)

    def taken(self, request: Request, form: Any) -> tuple[Compound, dict[str, Any]]:
        given = self.given(request, form)
        return self.compound_to_write(given.pop("compound", {}).get("code")), given


class WaysView(OwnWays):
    @described(_("How you are told"), parameters=WHERE)
    def get(self, request: Request) -> Response:
        return self.told(self.compound_to_read(request.query_params.get("compound")))

    @described(
        _("Choose how you are told of something"), request=ChoiceForm, responses=WaysSerializer
    )
    def put(self, request: Request) -> Response:
        compound, given = self.taken(request, ChoiceForm)
        with refusals():
            choices.choose(self.actor, compound, given["topic"], given["ways"])
        return self.told(compound)


class EmailView(OwnWays):
    @described(
        _("Give your e-mail address"),
        _("A code is sent to it; the address counts once that code comes back."),
        request=EmailForm,
        responses=WaysSerializer,
    )
    def post(self, request: Request) -> Response:
        compound, given = self.taken(request, EmailForm)
        with refusals():
            if given["address"].strip():
                proving.ask_email(self.actor, compound, given["address"])
            else:
                readers.set_address(self.actor, compound, Medium.EMAIL, "")
        return self.told(compound)


class EmailCodeView(OwnWays):
    @described(_("Prove your e-mail address"), request=CodeForm, responses=WaysSerializer)
    def post(self, request: Request) -> Response:
        compound, given = self.taken(request, CodeForm)
        with refusals():
            proving.prove_email(self.actor, compound, given["code"])
        return self.told(compound)


urlpatterns = [
    path("api/v1/message-ways/", WaysView.as_view(), name="api-message-ways"),
    path("api/v1/message-ways/email/", EmailView.as_view(), name="api-message-email"),
    path("api/v1/message-ways/email/code/", EmailCodeView.as_view(), name="api-message-code"),
]
