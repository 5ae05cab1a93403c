"""The API's shared rules: rows of one's own compounds, changes by operations only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as Refusal
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.pagination import CursorPagination

from community.models import Compound, User


class NewestFirst(CursorPagination):
    """Pages by cursor: rows that come in meanwhile move nothing."""

    ordering = "-id"
    page_size_query_param = "page_size"
    max_page_size = 200


@contextmanager
def refusals() -> Iterator[None]:
    """What an operation refuses becomes status 400 with each field's faults."""
    try:
        yield
    except Refusal as refusal:
        if not hasattr(refusal, "error_dict"):
            raise ValidationError({NON_FIELD_ERRORS: refusal.messages}) from refusal
        raise ValidationError(refusal.message_dict) from refusal


class CompoundView(GenericAPIView):
    """Rows that the caller may see; ``write_roles`` say who may change them where."""

    pagination_class = NewestFirst
    write_roles: frozenset[str] = frozenset()

    @property
    def actor(self) -> User:
        """The caller; the API lets nobody in who is not signed in."""
        user: Any = self.request.user
        return user

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.visible_to(self.actor)

    def may_write(self, compound: int) -> None:
        """Raises PermissionDenied unless the caller holds a writing role in the compound."""
        if not self.actor.roles_in(compound) & self.write_roles:
            raise PermissionDenied

    def compound_to_write(self, code: str | None) -> Compound:
        """The compound named by its code, or the only one where the caller may write.

        Raises ValidationError where it is not said which; a compound that the caller cannot see
        is as unknown as one that does not exist.
        """
        user = self.actor
        seen = Compound.objects.visible_to(user)
        if code:
            found = seen.filter(code=code).first()
            if found is None:
                raise ValidationError({"compound": [_("There is no compound with this code.")]})
            self.may_write(found.pk)
            return found
        own = seen if user.is_superuser else seen.filter(pk__in=user.compounds_as(self.write_roles))
        candidates = list(own[:2])
        if not candidates:
            raise PermissionDenied
        if len(candidates) > 1:
            raise ValidationError({"compound": [_("Say which compound, by its code.")]})
        return candidates[0]
