"""An address leads where it would without the words it begins with being looked up."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import (
    NoReverseMatch,
    Resolver404,
    URLResolver,
    get_resolver,
    include,
    path,
    re_path,
    reverse,
)
from django.urls.resolvers import RoutePattern

from community.first_words import FirstWords
from tests.rights.rule import addresses


def _page(_request: HttpRequest, **_values: object) -> HttpResponse:
    return HttpResponse()


PATTERNS = [
    path("", _page, name="root"),
    path("<slug:any>/late/", _page, name="any"),
    path("home/<int:pk>/", _page, name="one"),
    re_path(r"^homes/?$", _page, name="homes"),
    re_path(r"^left/|right/$", _page, name="either"),
    re_path(r"inside/$", _page, name="inside"),
    path("", include([path("home/parcels/", _page, name="list"), path("home/", _page)])),
    path("box/", include(([path("home/", _page, name="home")], "box"))),
    re_path(r"^home/parcels/(?P<pk>[0-9]+)/(?P<deed>a|b)/$", _page, name="deed"),
    path("<path:rest>", _page, name="rest"),
]  # fmt: skip
ASKED = [
    "", "home/", "home/7/", "home/late/", "home/parcels/", "home/parcels/7/a/", "home/parcels/7/c/",
    "homes", "homes/", "left/", "right/", "far/right/", "x/inside/", "box/home/", "box/", "box",
    "home", "home/parcels", "/home/", "nothing",
]  # fmt: skip


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("last", [None, -1])
def test_the_first_pattern_that_fits_answers(asked: str, last: int | None) -> None:
    patterns = PATTERNS[:last]
    assert _told(FirstWords(patterns), asked) == _told(_plain(patterns), asked)


def test_every_address_of_the_house_leads_where_it_did() -> None:
    whole = get_resolver().url_patterns[0]
    assert isinstance(whole, FirstWords)
    plain, found = _plain(whole.url_patterns), 0
    for address in addresses():
        for given in ({}, {"pk": 7}, {"secret": "x"}, {"pk": 7, "deed": "open"}, {"form": "csv"}):
            try:
                asked = reverse(address.name, kwargs=given).removeprefix("/")
            except NoReverseMatch:
                continue
            found += 1
            assert _told(whole, asked) == _told(plain, asked), asked
    assert found > 200


def _plain(patterns: list) -> URLResolver:
    return URLResolver(RoutePattern(""), patterns)


def _told(resolver: URLResolver, asked: str) -> object:
    try:
        found = resolver.resolve(asked)
    except Resolver404:
        return None
    return found.func, found.kwargs, found.view_name, found.route, found.app_names
