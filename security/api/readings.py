"""`POST /api/v1/readings/`: a device tells what it saw, and hears what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, permissions, status
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api_rules.parsers import JSON_MAX_BYTES, BoundedJSONParser, check_length
from community.api_rules.throttles import SharedThrottle
from community.devices import operations as devices
from community.models import Device
from community.verdicts import sentence
from community.vision.pictures import PictureError
from security import ingest, operations
from security.api.bodies import ReadingSerializer, VerdictSerializer
from security.api.described import ANSWERS, READING_ABOUT, READING_EXAMPLES, READING_SUMMARY
from security.operations import Taken
from security.readings import ReadingRefused

INCOMPLETE = _("The reading is not complete, or something in it is wrong.")
#: What a multipart body holds beside its picture.
FIELDS_MAX_BYTES = 64 * 1024


@dataclass(frozen=True)
class Access:
    """The device behind a call, and a name for its token that is not the token."""

    device: Device
    token: str


class DeviceAuthentication(BaseAuthentication):
    """``Authorization: Device <token>``. No body is read before the token is known."""

    keyword = "Device"

    def authenticate(self, request: Request) -> tuple[Any, Access] | None:
        given = get_authorization_header(request).split()
        if not given or given[0].lower() != self.keyword.lower().encode():
            return None
        token = given[1].decode("latin-1") if len(given) == 2 else ""
        device = devices.authenticate(token)
        if device is None:
            raise exceptions.AuthenticationFailed(
                _("This device token is unknown or was revoked."), code="token_invalid"
            )
        return None, Access(device, sha256(token.encode()).hexdigest()[:16])

    def authenticate_header(self, request: Request) -> str:
        return f'{self.keyword} realm="linli"'


class IsDevice(permissions.BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, Access)


class TokenThrottle(SharedThrottle):
    """Ten a second, counted per token: more cars than any lane sees, fewer than a fault sends."""

    scope = "device"
    rate = "600/min"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        access = request.auth
        return f"throttle-device-{access.token}" if isinstance(access, Access) else None


class Problem(exceptions.APIException):
    """A reading that cannot be taken, in one sentence."""

    def __init__(self, code: str, detail: str, status_code: int) -> None:
        super().__init__(detail, code)
        self.status_code = status_code


class ReadingView(APIView):
    """One reading in, one verdict out. The road is ``operations.take_reading``."""

    authentication_classes = [DeviceAuthentication]
    permission_classes = [IsDevice]
    throttle_classes = [TokenThrottle]
    parser_classes = [BoundedJSONParser, MultiPartParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        is_form = str(request.content_type).startswith("multipart/")
        most = settings.PICTURE_MAX_BYTES + FIELDS_MAX_BYTES if is_form else JSON_MAX_BYTES
        check_length(request, most)

    @extend_schema(
        operation_id="readings_create",
        tags=["readings"],
        summary=READING_SUMMARY,
        description=READING_ABOUT,
        request={"application/json": ReadingSerializer, "multipart/form-data": ReadingSerializer},
        responses=ANSWERS,
        examples=READING_EXAMPLES,
    )
    def post(self, request: Request) -> Response:
        received_at = timezone.now()
        form = ReadingSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        access: Any = request.auth
        taken = self._take(access.device, form.validated_data, received_at)
        made = status.HTTP_200_OK if taken.duplicate else status.HTTP_201_CREATED
        return Response(VerdictSerializer(answer(taken)).data, status=made)

    def _take(self, device: Device, values: dict[str, Any], received_at: Any) -> Taken:
        try:
            # A repeat is answered before its picture is read once more.
            known = operations.taken_before(device.pk, values["id"])
            return known or operations.take_reading(
                ingest.reading_from_api(device, values, received_at)
            )
        except ReadingRefused as refused:
            raise Problem(refused.code, sentence(refused.code), _status(refused)) from refused
        except PictureError as refused:
            code = f"picture_{refused.code}"
            raise Problem(code, sentence(code), 400) from refused
        except OperationalError as error:
            # The device sends the same id again: nothing is lost, nothing opens twice.
            text = str(_("The office's computer is busy. Send the same reading again."))
            raise Problem("busy", text, 503) from error

    def handle_exception(self, exc: Exception) -> Response:
        """Every refusal has the same form: code, one sentence, and the fields it is about."""
        response = super().handle_exception(exc)
        if isinstance(exc, exceptions.ValidationError):
            response.data["detail"] = str(INCOMPLETE)
        return response


def answer(taken: Taken) -> dict[str, Any]:
    """What the device hears. A repeated reading hears what the first one heard."""
    passage = taken.passage
    return {
        "passage": passage.pk,
        "outcome": passage.outcome,
        "code": passage.code,
        "sentence": sentence(passage.code, passage.facts),
        "opened": passage.outcome == "allow" and passage.command_id is not None,
        "duplicate": taken.duplicate,
    }


def _status(refused: ReadingRefused) -> int:
    return {"device_unknown": 401, "reading_forgotten": 410}.get(refused.code, 409)
