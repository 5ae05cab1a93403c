"""Helps a phone in the same network to trust this machine, so that its browser lends its camera.

Public on purpose: who opens it has no account yet, and a certificate is no secret.
"""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from community import terminal
from community.tls import Authority


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Steps for each kind of phone, with a QR code for whoever reads this on another screen."""
    authority = _authority()
    host = _host(request)
    here = f"http://{host}:{settings.HTTP_PORT}{reverse('trust')}"
    facts = {
        "here": here,
        "secure": f"https://{host}:{settings.HTTPS_PORT}/",
        "is_secure": request.is_secure(),
        "authority": authority,
        "qr": _qr(here),
    }
    return render(request, "pages/trust.html", facts)


@require_safe
@never_cache
def certificate(_request: HttpRequest) -> HttpResponse:
    """The authority's certificate. Its key has no address and never leaves its folder."""
    authority = _authority()
    return HttpResponse(
        authority.ca_certificate.read_bytes(),
        content_type="application/x-x509-ca-cert",
        headers={"Content-Disposition": 'attachment; filename="linli-ca.crt"'},
    )


def _authority() -> Authority:
    """Raises Http404 where somebody else's certificate stands in front, as in production."""
    authority = Authority(Path(settings.VAR_DIR) / "tls")
    if not authority.ca_certificate.exists():
        raise Http404
    return authority


def _host(request: HttpRequest) -> str:
    """The host as the reader asked for it; from this machine itself, its address outside."""
    host = request.get_host()
    host = host[: host.rfind(":")] if host.rfind(":") > host.rfind("]") else host
    outside = terminal.hosts() if _is_loopback(host) else []
    return outside[0] if outside else host


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _qr(url: str) -> str:
    code = segno.make(url, error="m", micro=False)
    svg: str = code.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None)
    return mark_safe(svg)  # noqa: S308 - drawn by segno from our own address, no text in it


urlpatterns = [
    path("trust/", page, name="trust"),
    path("trust/linli-ca.crt", certificate, name="trust-certificate"),
]
