"""What leads to the page of one stay: a signed text, good for a few days."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.http import Http404
from django.urls import reverse

from parking.models import Stay
from parking.pricebook import RELATED

SALT = "parking.pay"
GOOD_FOR = timedelta(days=30)


def ticket_of(stay: Stay) -> str:
    return signing.dumps(stay.pk, salt=SALT)


def pay_path(stay: Stay) -> str:
    """The page on which anybody may pay for this stay: for a QR code, or a link to a host."""
    return reverse("pay-stay", args=[ticket_of(stay)])


def stay_of(ticket: str) -> Stay:
    """Raises Http404 for a text that we did not sign, or that is too old."""
    try:
        key = signing.loads(ticket[:200], salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature as error:
        raise Http404 from error
    found: Stay | None = (
        Stay.objects.select_related("compound", *RELATED).filter(pk=key, area=None).first()
    )
    if found is None:
        raise Http404
    return found
