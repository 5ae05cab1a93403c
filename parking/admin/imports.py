"""Taking in a list of cars: upload, look at what was found, release, watch it go in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget

from community.admin_base import DeedForm
from community.imports.admin import Fault, ListImportAdmin, UploadForm
from parking import lists
from parking.models import VehicleImport
from parking.operations.imports import CARS
from parking.operations.staging import tell


class CarsForm(UploadForm):
    file = forms.FileField(
        label=_("File with the list"),
        widget=UnfoldAdminFileFieldWidget,
        help_text=_(
            "CSV or Excel, up to 10 MB and 20,000 rows. The first row names the columns: "
            "车牌, 房号, 车主, 类型, 颜色, 起, 止. Only 车牌 is needed."
        ),
    )


@admin.register(VehicleImport)
class VehicleImportAdmin(ListImportAdmin):
    importer = CARS
    upload_form = CarsForm
    upload_title = _("Take in a list of cars")

    def preview(self, batch: Any) -> Any:
        return lists.preview(batch)

    def tell(self, found: Mapping[str, Any]) -> Fault:
        return Fault(tell(dict(found)))

    @action(
        description=_("Take these cars in"),
        permissions=["release"],
        icon="done_all",
        dialog={
            "title": _("Take these cars in"),
            "description": _(
                "All rows go in, a few at a time, while the gates keep working. "
                "You may leave the page meanwhile."
            ),
            "form_class": DeedForm,
            "form_submit_text": _("Take them in"),
        },
    )
    def release(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        return self.release_list(request, form, object_id, _("The cars are going in."))
