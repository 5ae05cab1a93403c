"""The manager's registers beside faces: impact assessments with their PDF, signs at cameras."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget

from community.admin_base import VisibleRelatedFilter, acting
from community.models import Compound, Device
from community.templatetags.linli import tag_html
from residents.admin.deeds import DealsAdmin, deed
from residents.face_office import SOON
from residents.models import CameraSign, FaceAssessment
from residents.operations.faces import registers

MANAGER = frozenset({"manager"})
PDF, JPEG = "application/pdf", "image/jpeg"


class RowForm(forms.ModelForm):
    def _post_clean(self) -> None:
        """The verb checks the row: the form's own instance is never saved."""


class AssessmentForm(RowForm):
    document = forms.FileField(
        label=_("Document (PDF)"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": "application/pdf"}),
        help_text=_("At most 20 MB. It is kept sealed, for three years at least."),
    )


class SignForm(RowForm):
    picture = forms.FileField(
        label=_("Picture of the sign"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": "image/*"}),
        help_text=_("At most 12 MB. It proves that the sign hangs."),
    )


class WithFile(DealsAdmin):
    """A register whose rows have a sealed file at ``<pk>/file/``."""

    kind = PDF

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.file_view)
        return [path("<int:pk>/file/", view, name=self._file()), *super().get_urls()]

    def _file(self) -> str:
        return f"residents_{self.model._meta.model_name}_file"

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file, for who may read the register there."""
        row = self.get_queryset(request).filter(pk=pk).first()
        body = registers.open_file(row) if row is not None else None
        if body is None:
            raise Http404
        answer = HttpResponse(body, content_type=self.kind)
        name = f"{self.model._meta.model_name}-{pk}.{'pdf' if self.kind == PDF else 'jpg'}"
        how = "attachment" if self.kind == PDF else "inline"
        answer.headers["Content-Disposition"] = f'{how}; filename="{name}"'
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @display(description=_("file"))
    def file_link(self, row: Any) -> str | SafeString:
        if not row.file:
            return "–"
        return format_html('<a href="{}">{}</a>', reverse(f"admin:{self._file()}", args=[row.pk]),
                           _("Open"))  # fmt: skip


@admin.register(FaceAssessment)
class FaceAssessmentAdmin(WithFile):
    form = AssessmentForm
    read_roles = write_roles = MANAGER
    list_display = ["title", "made_on", "made_by", "review_on", "state", "file_link"]
    list_filter = [("compound", VisibleRelatedFilter), "made_on", "review_on"]
    search_fields = ["title", "made_by"]
    search_help_text = _("What was assessed, or by whom")
    fields = [
        "title", ("made_on", "review_on"), "made_by", "file_link", ("entered_at", "entered_by"),
    ]  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else ["title", ("made_on", "review_on"), "made_by", "document"]

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        document = values.pop("document").read(registers.MOST_BYTES + 1)
        who = acting(request)
        return registers.add_assessment(compound, document=document, actor=who, **values)

    @display(description=_("state"))
    def state(self, row: FaceAssessment) -> SafeString:
        today = timezone.localdate()
        if row.review_on < today:
            return tag_html("deny", str(_("overdue")))
        if row.review_on <= today + SOON:
            return tag_html("due", str(_("due soon")))
        return tag_html("allow", str(_("in order")))


@admin.register(CameraSign)
class CameraSignAdmin(WithFile):
    form = SignForm
    kind = JPEG
    read_roles = write_roles = frozenset({"manager", "installer"})
    list_display = ["camera", "placed_on", "note", "says_faces", "removed_on", "file_link"]
    list_filter = [
        ("compound", VisibleRelatedFilter),
        ("removed_on", admin.EmptyFieldListFilter),
        "says_faces",
        "placed_on",
    ]
    list_select_related = ["camera"]
    search_fields = ["camera__name", "note"]
    search_help_text = _("Camera, or where the sign hangs")
    fields = ["camera", ("placed_on", "removed_on"), "says_faces", "note", "file_link",
              "entered_by"]  # fmt: skip
    actions_row = actions_detail = ["take_down"]
    take_down = deed(
        "take_down",
        _("Taken down"),
        _("The sign hangs no more. The camera is without one until another is put up."),
        _("It is put down as taken down."),
        registers.take_sign_down,
        icon="close",
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else ["camera", "placed_on", "says_faces", "note", "picture"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "camera":
            kwargs["queryset"] = Device.objects.filter(kind=Device.Kind.CAMERA, is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        file = values.pop("picture", None)
        picture = file.read(registers.MOST_BYTES + 1) if file else None
        return registers.place_sign(compound, picture=picture, actor=acting(request), **values)
