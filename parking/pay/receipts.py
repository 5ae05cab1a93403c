"""A receipt as PDF: a page of our own, set by WeasyPrint with the fonts of the machine."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from parking.models import Receipt
from parking.tariff_words import shown, yuan


def as_pdf(receipt: Receipt) -> bytes:
    """In the compound's language; about half a second of processor time."""
    # Loaded here: it takes a second, and only whoever asks for a receipt waits for it.
    import weasyprint

    sheet = finders.find("css/receipt.css")
    style = weasyprint.CSS(string=Path(str(sheet)).read_text(encoding="utf-8"))
    page = weasyprint.HTML(string=as_page(receipt), url_fetcher=_nothing)
    return bytes(page.write_pdf(stylesheets=[style]))


def as_page(receipt: Receipt) -> str:
    payment = receipt.payment
    charge = getattr(payment.stay, "charge", None)
    with translation.override(receipt.compound.language):
        facts = {
            "receipt": receipt,
            "payment": payment,
            "stay": payment.stay,
            "compound": receipt.compound,
            "lines": shown(charge.lines) if charge else [],
            "total": yuan(charge.total_fen) if charge else "",
            "amount": yuan(payment.amount_fen),
            "given_back": yuan(payment.refunded_fen) if payment.refunded_fen else "",
        }
        return render_to_string("pay/receipt.html", facts)


def _nothing(url: str) -> dict[str, str]:
    """A receipt needs nothing from anywhere: no address is ever fetched for it."""
    raise ValueError(url)
