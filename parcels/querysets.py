"""Who may read locker banks' compartments."""

from __future__ import annotations

from typing import TypeVar

from django.db import models

from community.querysets import STAFF, CompoundQuerySet

M = TypeVar("M", bound=models.Model)


class CompartmentQuerySet(CompoundQuerySet[M]):
    roles = STAFF | {"courier"}
    path = "bank__compound_id"
