"""The API's shared rules: rows of one's own compounds, changes by operations only."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from community.api_rules.paging import NewestFirst
from community.api_rules.parsers import JSON_MAX_BYTES, check_length
from community.api_rules.problems import Conflict, refusals
from community.api_rules.schema import deed, described, listed, refusal
from community.models import ApiToken, Compound, User

__all__ = [
    "AT",
    "CompoundField",
    "CompoundFilter",
    "CompoundView",
    "Conflict",
    "NewestFirst",
    "PlaceField",
    "ReadView",
    "RowSerializer",
    "SmallField",
    "deed",
    "described",
    "listed",
    "refusal",
    "refusals",
]

#: The moment that every example speaks of.
AT = "2026-03-02T08:15:04.120000+08:00"


class CompoundField(serializers.CharField):
    """The compound's code: goes out with rows, comes in where the caller writes in several."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("source", "compound.code")
        more.setdefault("required", False)
        more.setdefault("max_length", 40)
        more.setdefault(
            "help_text", _("Code of the compound; needed only by who may write in several.")
        )
        super().__init__(**more)


class RowSerializer(serializers.Serializer[Any]):
    """How every row of a compound begins."""

    id = serializers.IntegerField(read_only=True)
    compound = CompoundField(read_only=True)


class SmallField(serializers.IntegerField):
    """What fits a small column of every database."""

    def __init__(self, **more: Any) -> None:
        super().__init__(min_value=0, max_value=32767, **more)


class PlaceField(serializers.IntegerField):
    """The id of another row of the same compound; ``rows`` are those that may be chosen."""

    def __init__(self, rows: Any = None, **more: Any) -> None:
        self.rows = rows
        more.setdefault("min_value", 1)
        more.setdefault("max_value", 2**63 - 1)
        super().__init__(**more)

    def row(self, pk: int | None, compound: Compound, user: User) -> models.Model | None:
        """Raises LookupError for a row elsewhere, which is as unknown as one that is not there."""
        if pk is None:
            return None
        found = self.rows.all().visible_to(user).of(compound).filter(pk=pk).first()
        if found is None:
            raise LookupError(pk)
        return found


class CompoundFilter(filters.FilterSet):
    """Every list can be narrowed to one compound."""

    compound = filters.CharFilter("compound__code", help_text=_("Code of the compound."))


class CompoundView(GenericAPIView):
    """Rows that the caller may see; ``write_roles`` say who may change them where.

    ``read_roles`` are those of the queryset unless said otherwise, and stand in the description.
    """

    pagination_class = NewestFirst
    read_roles: frozenset[str] | None = None
    write_roles: frozenset[str] = frozenset()
    most_bytes = JSON_MAX_BYTES
    lookup_value_regex = "[0-9]{1,18}"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        check_length(request, self.most_bytes)

    @property
    def actor(self) -> User:
        """The caller; the API lets nobody in who is not signed in."""
        user: Any = self.request.user
        return user

    @property
    def token(self) -> ApiToken | None:
        held = self.request.auth
        return held if isinstance(held, ApiToken) else None

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return self.within(rows.visible_to(self.actor))

    def within(self, rows: Any) -> Any:
        """With a token, rows of its compound only, also of those that are one's own."""
        return rows.of(self.token.compound_id) if self.token else rows

    def may_write(self, compound: int) -> None:
        """Raises PermissionDenied unless the caller holds a writing role in the compound."""
        if not self.actor.roles_in(compound) & self.write_roles:
            raise PermissionDenied

    def writable(self) -> Any:
        """The row of the address, if the caller may change it."""
        row: Any = self.get_object()
        self.may_write(row.pk if isinstance(row, Compound) else row.compound_id)
        return row

    def given(self, request: Request, form: Any = None, *, partial: bool = False) -> dict[str, Any]:
        """What came in, checked by a serializer: the view's own unless another is named."""
        make = form or self.get_serializer_class()
        serializer = make(data=request.data, partial=partial, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def shown(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(row).data, status=code)

    def compound_to_write(self, code: str | None) -> Compound:
        """The compound named by its code, or the only one where the caller may write.

        Raises ValidationError where it is not said which; a compound that the caller cannot see
        is as unknown as one that does not exist.
        """
        own = Compound.objects.all()
        if not self.actor.is_superuser:
            own = own.filter(pk__in=self.actor.compounds_as(self.write_roles))
        found = self._compound(code, own)
        self.may_write(found.pk)
        return found

    def compound_to_read(self, code: str | None) -> Compound:
        """The compound named by its code, or the only one that the caller sees."""
        return self._compound(code, Compound.objects.visible_to(self.actor))

    def _compound(self, code: str | None, own: Any) -> Compound:
        if code:
            seen = Compound.objects.visible_to(self.actor)
            found: Compound | None = seen.filter(code=code).first()
            if found is None:
                raise ValidationError({"compound": [_("There is no compound with this code.")]})
            return found
        candidates = list(own.order_by("pk")[:2])
        if not candidates:
            raise PermissionDenied
        if len(candidates) > 1:
            raise ValidationError({"compound": [_("Say which compound, by its code.")]})
        return candidates[0]

    def resolved(
        self, given: dict[str, Any], compound: Compound, form: Any = None
    ) -> dict[str, Any]:
        """Ids of other rows as those rows, in what ``form`` took (the view's own unless named).

        Raises ValidationError for one that is not there.
        """
        for name, field in _fields(form or self.get_serializer()):
            if not isinstance(field, PlaceField) or field.source not in given:
                continue
            try:
                row = field.row(given.pop(field.source), compound, self.actor)
            except LookupError:
                text = _("This is not on file in the compound.")
                raise ValidationError({name: [text]}) from None
            given[field.source.removesuffix("_id")] = row
        return given


def _fields(serializer: Any) -> Any:
    return serializer.fields.items()


class ReadView(CompoundView, ListModelMixin, RetrieveModelMixin, GenericViewSet[Any]):
    """A list and one row of it."""
