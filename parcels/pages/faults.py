"""What is wrong with the lockers: silent banks, compartments, parcels that nobody is sure of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from community.devices.sentences import sentence
from community.models import Compound, Device
from parcels import operations
from parcels.models import Compartment, LockerBank, Parcel
from parcels.pages.load import as_file, for_office
from parcels.search import place_of

PER_PAGE = 25
#: Rows of each part that a file takes.
MOST = 5000
WHAT = (
    ("", gettext_lazy("All faults")),
    ("broken", gettext_lazy("Out of order")),
    ("forced", gettext_lazy("Forced open")),
    ("left_open", gettext_lazy("Left open")),
    ("parcel", gettext_lazy("Parcels to be looked at")),
)
ADVICE = {
    "forced": gettext_lazy(
        "Open without an order. Look whether somebody forced it, then push it shut."
    ),
    "left_open": gettext_lazy("Left open. Push it shut."),
    "": gettext_lazy("Out of order. Test it once it is mended, then put it back into use."),
}


class FaultsForm(forms.Form):
    """What is looked for; anything unfit counts as not chosen."""

    q = forms.CharField(max_length=60, required=False, label=gettext_lazy("Search"))
    bank = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    what = forms.ChoiceField(choices=WHAT, required=False)

    @property
    def values(self) -> dict[str, Any]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in ("q", "bank", "what")}


@dataclass(frozen=True)
class Found:
    """What the filters leave over."""

    places: Any
    parcels: Any


def found_by(compound: Compound, given: dict[str, Any]) -> Found:
    """Compartments with a fault and parcels in doubt, as chosen; two questions when read."""
    places = Compartment.objects.filter(bank__compound=compound).select_related("bank")
    places = places.filter(Q(is_faulty=True) | ~Q(alarm="")).order_by("bank__name", "number")
    parcels = Parcel.objects.filter(compound=compound, ended_at=None).exclude(doubt="")
    parcels = parcels.select_related("carrier", "compartment__bank", "shelf").order_by("-pk")
    text, bank, what = given["q"].strip(), given["bank"], given["what"]
    if bank:
        places, parcels = places.filter(bank=bank), parcels.filter(compartment__bank=bank)
    if text:
        number = Q(number=int(text)) if text.isdecimal() and len(text) < 4 else Q()
        places = places.filter(
            Q(bank__name__icontains=text) | Q(bank__place__icontains=text) | number
        )
        plain = "".join(sign for sign in text.upper() if sign.isalnum())
        named = Q(compartment__bank__name__icontains=text) | Q(person__name__icontains=text)
        parcels = parcels.filter(named | Q(waybill__endswith=plain)) if plain else parcels
    if what == "broken":
        places = places.filter(is_faulty=True)
    elif what in ("forced", "left_open"):
        places = places.filter(alarm=what)
    return Found(
        places.none() if what == "parcel" else places,
        parcels if what in ("", "parcel") else parcels.none(),
    )


@require_http_methods(["GET", "POST"])
@for_office
def faults(request: HttpRequest, compound: Compound) -> HttpResponse:
    """Banks that do not answer, compartments and parcels to look at; taken out of use and back."""
    given = FaultsForm(request.GET).values
    if request.method == "POST":
        return _mark(request, compound, given)
    found = found_by(compound, given)
    places: Page[Any] = Paginator(found.places, PER_PAGE).get_page(request.GET.get("page"))
    parcels: Page[Any] = Paginator(found.parcels, PER_PAGE).get_page(request.GET.get("more"))
    here = Parcel.objects.filter(compound=compound, ended_at=None, compartment__in=list(places))
    inside = set(here.values_list("compartment", flat=True))
    banks = list(LockerBank.objects.of(compound).select_related("device").order_by("name"))
    context = {
        "given": given,
        "whats": WHAT,
        "banks": banks,
        "silent": [] if any(given.values()) else [one for one in map(_silent, banks) if one],
        "places": [(row, row.pk in inside, ADVICE[row.alarm]) for row in places],
        "doubts": [(row, place_of(row)) for row in parcels],
        "pages": (places, parcels),
        "query": _query(given),
        "is_filtered": any(given.values()),
    }
    return render(request, "parcels/faults.html", context)


def _query(given: dict[str, Any]) -> str:
    return urlencode({name: value for name, value in given.items() if value})


def _silent(bank: LockerBank) -> tuple[LockerBank, Any, str] | None:
    """A bank that cannot be worked with: its device, and what it said last."""
    device = bank.device
    if device is None:
        return bank, None, _("Nothing opens this bank yet. Say what its locks are wired to.")
    if device.health not in (Device.Health.OFFLINE, Device.Health.FAULTY):
        return None
    return bank, device, sentence(device.health_code) or device.get_health_display()


def _mark(request: HttpRequest, compound: Compound, given: dict[str, Any]) -> HttpResponse:
    places = Compartment.objects.filter(bank__compound=compound)
    key = request.POST.get("place", "")
    row = get_object_or_404(places, pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
    user: Any = request.user
    out = request.POST.get("deed") == "out"
    row = operations.mark_compartment(row, out_of_order=out, actor=user)
    said = _("%(place)s is out of order.") if out else _("%(place)s is in use again.")
    messages.success(request, said % {"place": row})
    answer = redirect("parcel-faults")
    if query := _query(given):
        answer["Location"] += f"?{query}"
    return answer


@require_safe
@for_office
def file(request: HttpRequest, compound: Compound, form: str) -> HttpResponse:
    """The faults that the page shows, as a table; it is recorded who took them."""
    rows = file_rows(found_by(compound, FaultsForm(request.GET).values))
    day = timezone.localdate().isoformat()
    return as_file(request, compound, form, rows, table="parcels.faults", name=day)


def file_rows(found: Found) -> Iterator[list[Any]]:
    yield [_("Locker"), _("Compartment"), _("Size"), _("Fault"), _("Since"), _("Parcel")]
    for place in found.places[:MOST]:
        words = [str(_("Out of order"))] if place.is_faulty else []
        words += [str(place.get_alarm_display())] if place.alarm else []
        since = f"{timezone.localtime(place.open_since):%Y-%m-%d %H:%M}" if place.open_since else ""
        yield [
            place.bank.name,
            place.number,
            str(place.get_size_display()),
            ", ".join(words),
            since,
            "",
        ]
    for row in found.parcels[:MOST]:
        bank = row.compartment.bank.name if row.compartment else str(row.shelf or "")
        number = row.compartment.number if row.compartment else ""
        since = f"{timezone.localtime(row.moved_at):%Y-%m-%d %H:%M}"
        yield [
            bank,
            number,
            "",
            str(row.get_doubt_display()),
            since,
            f"{row.carrier} {row.waybill}",
        ]
