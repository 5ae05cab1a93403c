"""Lists of residents in the office: sheet, upload, preview, release, progress, faults."""

import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from residents import operations
from residents.models import Person, ResidentImport
from tests.community import factories
from tests.community.test_admin import office
from tests.residents import homes
from tests.residents.lists import HOME, sheet, tenant

pytestmark = pytest.mark.django_db
ADD = "admin:residents_residentimport_add"


@pytest.fixture
def compound():
    compound = factories.compound()
    factories.unit(compound, HOME)
    return compound


@pytest.fixture
def client(compound):
    return office(factories.user("desk", at=compound))


def upload(client, body, kind="people", name="people.csv"):
    return client.post(reverse(ADD), {"kind": kind, "file": SimpleUploadedFile(name, body)})


def page_of(name, *args):
    return reverse(f"admin:residents_residentimport_{name}", args=args)


def test_a_list_is_uploaded_looked_at_released_and_watched(client):
    answer = upload(client, sheet(tenant(), encoding="gbk").getvalue())
    batch = ResidentImport.objects.get()
    page = client.get(answer.url).content.decode()
    assert HOME in page
    assert "138****0000" in page
    assert "13800000000" not in page
    assert not Person.objects.exists()
    assert client.post(page_of("release", batch.pk), {"_form_submitted": "on"}).status_code == 302
    assert 'value="0"' in client.get(page_of("progress", batch.pk)).content.decode()
    operations.apply_lists(seconds=5)
    shown = client.get(page_of("progress", batch.pk))
    assert 'value="1"' in shown.content.decode()
    assert shown["HX-Refresh"] == "true"
    assert Person.objects.get().name == "许知夏"


def test_faults_lead_the_desk_to_the_other_file(client, compound):
    other = homes.person(compound, "江令仪", document_kind="resident_id",
                         document=tenant()["证件号码"])  # fmt: skip
    page = client.get(upload(client, sheet(tenant()).getvalue()).url).content.decode()
    assert reverse("admin:residents_person_change", args=[other.pk]) in page
    assert "Row 2, Document number" in page


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)
    return file.getvalue()


@pytest.mark.parametrize("body", [b"", bomb(), b"PK\x03\x04" + b"x" * (10 * 1024 * 1024)])
def test_a_bad_file_gets_a_sentence(client, body):
    page = upload(client, body, name="people.xlsx")
    assert (page.status_code, "file" in page.context["form"].errors) == (200, True)
    assert not ResidentImport.objects.exists()


def test_sheets_are_offered_in_the_readers_language(client):
    assert page_of("sheet", "people") in client.get(reverse(ADD)).content.decode()
    answer = client.get(page_of("sheet", "people"))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    head = [cell.value for cell in book.worksheets[0][1]]
    assert head[:3] == ["Home", "Full name", "Lives there as"]
    about = list(book.worksheets[1].iter_rows(values_only=True))
    assert len(about) == len(head) + 1
    assert "Owner、Tenant" in about[3][3]
    assert client.get(page_of("sheet", "sample")).status_code == 404  # no demo here
