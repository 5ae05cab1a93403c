"""E-mail through Django's own SMTP backend; the server's address is looked at like any other.

Settings: ``host``, ``port`` (else 587), ``tls`` (``start``, ``wrapped`` or ``none``), ``sender``.
Credentials: ``username``, ``password``.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from community.devices import addresses
from community.devices.base import DeviceFault
from community.notifications.base import Message, NotSent, Receipt, Unsure
from community.notifications.registry import register
from community.notifications.sending import text_of

TIMEOUT_S = 8.0


class Vetted(smtplib.SMTP):
    """Connects to the very address that was looked at."""

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        last: OSError | None = None
        for address in addresses.resolve(host, port):
            try:
                return socket.create_connection((address, port), timeout)
            except OSError as error:
                last = error
        raise last or OSError("no address")


class VettedWrapped(smtplib.SMTP_SSL, Vetted):
    """The same inside TLS from the first byte."""


class Backend(EmailBackend):
    """Django's, on vetted connections."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return VettedWrapped if self.use_ssl else Vetted


@register("smtp")
class Smtp:
    """See the module. The message's key is its Message-ID, by which mail programs drop repeats."""

    repeatable = True

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        self.sender = text_of(settings, "sender")
        host, port, tls = text_of(settings, "host"), settings.get("port", 587), settings.get("tls")
        if not host or type(port) is not int or tls not in ("start", "wrapped", "none"):
            raise NotSent("settings_invalid", ours=True)
        if "@" not in self.sender or any(sign in self.sender for sign in "\r\n"):
            raise NotSent("settings_invalid", ours=True)
        self.backend = Backend(
            host=host,
            port=port,
            username=str(credentials.get("username", "")),
            password=str(credentials.get("password", "")),
            use_tls=tls == "start",
            use_ssl=tls == "wrapped",
            timeout=TIMEOUT_S,
        )

    def send(self, message: Message) -> Receipt:
        self._open()
        domain = self.sender.rpartition("@")[2].strip("> ")
        number = f"<{message.key}@{domain}>"
        try:
            mail = EmailMessage(
                message.title,
                message.text,
                self.sender,
                [message.to],
                headers={"Message-ID": number, "Auto-Submitted": "auto-generated"},
                connection=self.backend,
            )
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _text in error.recipients.values()]
            lasting = all(500 <= code < 600 for code in codes)
            raise NotSent("address_unknown", lasting=lasting) from error
        except smtplib.SMTPResponseException as error:
            lasting = 500 <= error.smtp_code < 600
            raise NotSent("provider_refused", ours=lasting) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unsure("no_answer") from error
        except ValueError as error:
            # A line break in a header: somebody tried to add one of their own.
            raise NotSent("address_unknown", lasting=True) from error
        finally:
            self.backend.close()
        return Receipt(reference=number[:100])

    def _open(self) -> None:
        """Nothing is sent before the server has greeted and knows us."""
        try:
            self.backend.open()
        except DeviceFault as fault:
            raise NotSent(fault.code, ours=fault.code == "address_refused") from fault
        except smtplib.SMTPAuthenticationError as error:
            raise NotSent("not_authorised", ours=True) from error
        except ssl.SSLError as error:
            raise NotSent("certificate_refused", ours=True) from error
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise NotSent("unreachable") from error
