"""Signatures and seals of WeChat Pay's API v3.

Requests and answers are signed with RSA-SHA256 (PKCS #1 v1.5) over lines that end in a line feed;
notices hold their content sealed with AES-256-GCM under the merchant's API v3 key. Source: "API v3
rules: signature generation, signature verification, certificate and notification decryption" in
the provider's documentation.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SCHEMA = "WECHATPAY2-SHA256-RSA2048"


def lines(*parts: str) -> bytes:
    """What is signed: each part and a line feed."""
    return "".join(f"{part}\n" for part in parts).encode()


def private_key(pem: str) -> rsa.RSAPrivateKey:
    """Raises ValueError for what is no RSA key."""
    key: Any = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("no RSA key")  # noqa: TRY004 - a value of the settings
    return key


def public_key(pem: str) -> rsa.RSAPublicKey:
    """Raises ValueError for what is no RSA key."""
    key: Any = serialization.load_pem_public_key(pem.encode())
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("no RSA key")  # noqa: TRY004 - a value of the settings
    return key


def sign(key: rsa.RSAPrivateKey, message: bytes) -> str:
    return base64.b64encode(key.sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()


def is_signed(key: rsa.RSAPublicKey, message: bytes, signature: str) -> bool:
    try:
        raw = base64.b64decode(signature, validate=True)
        key.verify(raw, message, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def authorisation(
    key: rsa.RSAPrivateKey, *, merchant: str, serial: str, method: str, target: str, stamp: str,
    nonce: str, body: str,
) -> str:  # fmt: skip
    """The ``Authorization`` header of one request; ``target`` is its path with the query."""
    signature = sign(key, lines(method, target, stamp, nonce, body))
    fields = {
        "mchid": merchant, "nonce_str": nonce, "signature": signature, "timestamp": stamp,
        "serial_no": serial,
    }  # fmt: skip
    return f"{SCHEMA} " + ",".join(f'{name}="{value}"' for name, value in fields.items())


def seal(key: str, nonce: str, associated: str, plain: bytes) -> str:
    """As the provider seals the content of a notice."""
    sealed = AESGCM(key.encode()).encrypt(nonce.encode(), plain, associated.encode())
    return base64.b64encode(sealed).decode()


def unseal(key: str, nonce: str, associated: str, text: str) -> bytes:
    """Raises ValueError for what was not sealed under this key."""
    try:
        raw = base64.b64decode(text, validate=True)
        return AESGCM(key.encode()).decrypt(nonce.encode(), raw, associated.encode())
    except (InvalidTag, binascii.Error) as error:
        raise ValueError("not sealed under this key") from error
