"""Digest authentication, against the worked examples of the standards."""

from __future__ import annotations

import pytest

from community.devices import digest
from community.devices.base import DeviceFault

pytestmark = pytest.mark.pure

MD5 = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
    'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)
CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


def _answer(header: str, **changes: str) -> str:
    asked = {"username": "Mufasa", "password": "Circle of Life", "method": "GET"}
    asked |= {"target": "/dir/index.html", "cnonce": CNONCE}
    return digest.answer(digest.parse([header]), **(asked | changes))


def test_example_of_rfc_7616_with_md5() -> None:
    answer = _answer(MD5)
    assert 'response="8ca523f5e9506fed4657c9700eebdbec"' in answer
    assert "qop=auth, nc=00000001" in answer
    assert 'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"' in answer


def test_example_of_rfc_7616_with_sha256() -> None:
    answer = _answer(MD5.replace("=MD5", "=SHA-256"))
    expected = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    assert f'response="{expected}"' in answer


def test_example_of_rfc_2069_without_qop() -> None:
    header = (
        'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
        'opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    )
    answer = _answer(header, password="CircleOfLife")
    # The response that erratum 749 gives for the example of the standard.
    assert 'response="1949323746fe6a43ef61f9606e7febea"' in answer
    assert "qop" not in answer


def test_first_challenge_that_can_be_answered_is_taken() -> None:
    headers = [
        'Basic realm="x"',
        'Digest realm="a", nonce="1", algorithm=SHA-512-256',
        'Digest realm="b", nonce="2", qop="auth-int"',
        'digest REALM="c", nonce="3"',
    ]
    assert digest.parse(headers).realm == "c"


@pytest.mark.parametrize(
    "header", ["", "Digest", "Digest realm", 'Digest realm="a"', 'Digest nonce="', "Basic x"]
)
def test_a_challenge_that_is_none_is_a_fault(header: str) -> None:
    with pytest.raises(DeviceFault, match="challenge_not_understood"):
        digest.parse([header])


def test_quotes_in_a_name_stay_inside_it() -> None:
    assert r'username="a\"b\\"' in _answer(MD5, username='a"b\\')
