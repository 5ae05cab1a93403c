"""`/api/v1/requests/`: repairs and complaints, from the report to the rating."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import (
    AT,
    CompoundField,
    CompoundFilter,
    PlaceField,
    ReadView,
    RowSerializer,
    deed,
    described,
    listed,
    refusals,
)
from community.models import Unit, User
from community.querysets import OFFICE
from residents import operations
from residents.models import Category, Person, ServiceRequest

CREATED = status.HTTP_201_CREATED


class RequestSerializer(RowSerializer):
    example = {
        "id": 44, "compound": "wutong", "kind": "repair", "category": "lift", "person": 88,
        "unit": None, "place": "3 幢 2 单元", "description": "电梯抖得厉害", "state": "assigned",
        "assigned_to": 5, "craftsman": "", "comes_at": AT, "due_at": AT, "reason": "",
        "rating": None, "reopened": 0, "created_at": AT, "done_at": None,
    }  # fmt: skip

    kind = serializers.ChoiceField(choices=ServiceRequest.Kind.choices, read_only=True)
    category = serializers.ChoiceField(choices=Category.choices, read_only=True)
    person = serializers.IntegerField(source="person_id", read_only=True)
    unit = serializers.IntegerField(source="unit_id", read_only=True, allow_null=True)
    place = serializers.CharField(read_only=True)
    description = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=ServiceRequest.State.choices, read_only=True)
    assigned_to = serializers.IntegerField(source="assigned_to_id", read_only=True, allow_null=True)
    craftsman = serializers.CharField(read_only=True)
    comes_at = serializers.DateTimeField(read_only=True, allow_null=True)
    due_at = serializers.DateTimeField(read_only=True)
    reason = serializers.CharField(read_only=True, help_text=_("Why it was not accepted."))
    rating = serializers.IntegerField(read_only=True, allow_null=True)
    reopened = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    done_at = serializers.DateTimeField(read_only=True, allow_null=True)


class ReportForm(serializers.Serializer):
    example = {
        "compound": "wutong", "person": 88, "unit": None, "kind": "repair", "category": "lift",
        "place": "3 幢 2 单元", "description": "电梯抖得厉害", "key": "phone-2026-03-02-17",
    }  # fmt: skip

    compound = CompoundField()
    person = PlaceField(Person.objects, source="person_id", help_text=_("Id of the file."))
    unit = PlaceField(
        Unit.objects, source="unit_id", required=False, allow_null=True,
        help_text=_("Id of the home, where it is in one."),
    )  # fmt: skip
    kind = serializers.ChoiceField(choices=ServiceRequest.Kind.choices)
    category = serializers.ChoiceField(choices=Category.choices)
    place = serializers.CharField(max_length=80, required=False, allow_blank=True)
    description = serializers.CharField(max_length=2000)
    key = serializers.CharField(
        max_length=60, help_text=_("The caller's own name for it; sent twice, it counts once.")
    )


class GiveForm(serializers.Serializer):
    example = {"to": 5, "craftsman": "", "comes_at": AT}

    to = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**63 - 1,
        help_text=_("Id of a user who works here."),
    )  # fmt: skip
    craftsman = serializers.CharField(
        max_length=60, required=False, allow_blank=True, default="",
        help_text=_("Or the name of somebody from outside."),
    )  # fmt: skip
    comes_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class AnswerForm(serializers.Serializer):
    example: dict[str, Any] = {"text": "明天上午来修", "is_internal": False}

    text = serializers.CharField(max_length=2000)
    is_internal = serializers.BooleanField(required=False, default=False)


class DoneForm(serializers.Serializer):
    example = {"answer": "已更换导靴"}

    answer = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class RefusedForm(serializers.Serializer):
    example = {"reason": "由电力公司处理"}

    reason = serializers.CharField(max_length=200, help_text=_("The person reads it."))


class RequestFilter(CompoundFilter):
    state = filters.ChoiceFilter(
        choices=ServiceRequest.State.choices, help_text=_("How it stands.")
    )
    kind = filters.ChoiceFilter(
        choices=ServiceRequest.Kind.choices, help_text=_("Repair or complaint.")
    )
    category = filters.ChoiceFilter(choices=Category.choices, help_text=_("What it is about."))
    person = filters.NumberFilter("person_id", help_text=_("Id of the file."))
    assigned_to = filters.NumberFilter("assigned_to_id", help_text=_("Id of the user."))
    overdue = filters.BooleanFilter(method="by_due", help_text=_("Open past its time."))

    def by_due(self, rows: Any, _name: str, value: bool) -> Any:
        late = ServiceRequest.objects.overdue(timezone.now())
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)


@listed(
    _("Requests"),
    _("One request"),
    create=described(
        _("Take down a request on somebody's behalf"),
        request=ReportForm,
        responses={201: RequestSerializer},
    ),
)
class RequestViewSet(ReadView):
    queryset = ServiceRequest.objects.select_related("compound", "person")
    serializer_class = RequestSerializer
    filterset_class = RequestFilter
    write_roles = OFFICE

    def create(self, request: Request) -> Response:
        given = self.given(request, ReportForm)
        compound = self.compound_to_write(given.pop("compound", {}).get("code"))
        values = self.resolved(given, compound, ReportForm())
        values["key"] = f"api-{compound.pk}-{values['key']}"
        with refusals():
            row = operations.report_request(**values, on_behalf_by=self.actor)
        return self.shown(row, CREATED)

    @deed(_("Give a request to somebody"), takes=GiveForm, gives=RequestSerializer, name="assign")
    def assign(self, request: Request, pk: str) -> Response:
        row, given = self.writable(), self.given(request, GiveForm)
        to, key = None, given.pop("to", None)
        if key is not None:
            to = User.objects.filter(pk=key, is_active=True).first()
            if to is None:
                raise ValidationError({"to": [_("This person does not work here.")]})
        with refusals():
            operations.assign_request(row, actor=self.actor, to=to, **given)
        return self.shown(self.get_object())

    @deed(_("Begin work on a request"), gives=RequestSerializer, name="start")
    def start(self, request: Request, pk: str) -> Response:
        row = self.writable()
        with refusals():
            operations.start_request(row, actor=self.actor)
        return self.shown(self.get_object())

    @deed(_("Say that a request is done"), takes=DoneForm, gives=RequestSerializer, name="finish",
          about=_("The person can rate it, or say that it is not."))  # fmt: skip
    def finish(self, request: Request, pk: str) -> Response:
        row, given = self.writable(), self.given(request, DoneForm)
        with refusals():
            operations.finish_request(row, actor=self.actor, answer=given["answer"])
        return self.shown(self.get_object())

    @deed(_("Decline a request"), takes=RefusedForm, gives=RequestSerializer, name="refuse")
    def refuse(self, request: Request, pk: str) -> Response:
        row, given = self.writable(), self.given(request, RefusedForm)
        with refusals():
            operations.refuse_request(row, given["reason"], actor=self.actor)
        return self.shown(self.get_object())

    @deed(_("Answer a request"), takes=AnswerForm, gives=RequestSerializer, name="answer",
          about=_("The person is told, unless it is for the staff only."))  # fmt: skip
    def answer(self, request: Request, pk: str) -> Response:
        row, given = self.writable(), self.given(request, AnswerForm)
        with refusals():
            operations.answer_request(
                row, given["text"], actor=self.actor, is_internal=given["is_internal"]
            )
        return self.shown(self.get_object())
