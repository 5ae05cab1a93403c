"""Filters that the office's lists share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from unfold.contrib.filters.admin import RangeDateTimeFilter

FIRST, LAST = "00:00:00", "23:59:59"


def moment(day: str, time: str) -> datetime | None:
    """A moment on the compound's clock; None for what is none."""
    try:
        found = parse_datetime(f"{day} {time}")
        return timezone.make_aware(found) if found and timezone.is_naive(found) else found
    except (ValueError, OverflowError):
        return None


class MomentFilter(RangeDateTimeFilter):
    """From and to. The library's own filter takes what was typed for another time zone's."""

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        # Until the whole of the last second: what happened within it counts.
        whole = (("from", "gte", FIRST, 0), ("to", "lt", LAST, 1))
        for end, lookup, default, more in whole:
            name = f"{self.parameter_name}_{end}"
            day = self.used_parameters.get(f"{name}_0")
            time = self.used_parameters.get(f"{name}_1") or default
            at = moment(str(day), str(time)) if day else None
            if at:
                bound = at + timedelta(seconds=more)
                queryset = queryset.filter(**{f"{self.parameter_name}__{lookup}": bound})
        return queryset
