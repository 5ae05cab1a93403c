"""Repairs and complaints, from the report to the rating, by whoever may do what."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from community.models import Notification
from residents import operations
from residents.models import RequestNote, RequestPicture, RequestRule, ServiceRequest
from residents.operations import request_pictures
from tests.community import factories
from tests.residents.test_notices import resident

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def compound():
    return factories.compound()


@pytest.fixture
def user(compound):
    return resident(compound, "3-2-1202", phone="13800001234")


@pytest.fixture
def clerk(compound):
    return factories.user("desk", at=compound, name="小何")


def report(user, **values):
    given = {
        "person": user.files.get(),
        "kind": "repair",
        "category": "water",
        "description": "厨房漏水",
        "place": "厨房",
        "key": "k",
    }
    return operations.report_request(**given | values)


def photo(size=(2000, 1500)):
    """A phone's picture that says where it was taken."""
    image, file = Image.new("RGB", size, "teal"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825)[1] = "N"
    image.save(file, "JPEG", exif=exif)
    return file.getvalue()


def kinds(row):
    rows = Notification.objects.filter(facts__request=row.pk).order_by("pk")
    return [(each.kind.removeprefix("residents.request_"), each.user_id) for each in rows]


def test_from_the_report_to_the_rating(compound, user, clerk):
    row = report(user)
    assert (row.state, row.due_at - row.created_at) == ("reported", timedelta(hours=12))
    operations.assign_request(row, actor=clerk, craftsman="王师傅", comes_at=timezone.now())
    operations.start_request(row, actor=clerk)
    operations.finish_request(row, actor=clerk, answer="换了水管")
    row = operations.rate_request(row, 5, "很快", actor=user)
    assert (row.state, row.rating, row.rating_text) == ("rated", 5, "很快")
    assert kinds(row) == [("new", None), ("assigned", user.pk), ("done", user.pk)]


def test_a_form_sent_twice_is_one_request(user):
    assert report(user).pk == report(user).pk
    assert ServiceRequest.objects.count() == 1


def test_the_compounds_own_rule_counts(compound, user):
    RequestRule.objects.create(compound=compound, category="water", hours=5, source="合同")
    row = report(user)
    assert row.due_at - row.created_at == timedelta(hours=5)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "x"}, "kind"),
        ({"category": "x"}, "category"),
        ({"description": " "}, "description"),
        ({"description": "x" * 2001}, "description"),
        ({"place": ""}, "place"),
        ({"pictures": [b"no picture"]}, "pictures"),
        ({"pictures": [b"x"] * 7}, "pictures"),
    ],
)
def test_bad_input_is_named_and_changes_nothing(user, tmp_path, values, field):
    with pytest.raises(ValidationError) as caught:
        report(user, **values)
    assert list(caught.value.message_dict) == [field]
    assert not ServiceRequest.objects.exists()
    assert list(tmp_path.rglob("*.sealed")) == []


def test_pictures_are_small_sealed_and_say_nothing_of_the_place(user, tmp_path):
    row = report(user, pictures=[photo(), photo((800, 600))])
    first = row.pictures.first()
    assert (first.width, first.height) == (1280, 960)
    kept = request_pictures.open_picture(first)
    assert not Image.open(io.BytesIO(kept)).getexif()
    sealed = (tmp_path / first.file).read_bytes()
    assert b"JFIF" not in sealed


def test_a_reason_is_needed_and_what_is_settled_stays(user, clerk):
    row = report(user)
    with pytest.raises(ValidationError):
        operations.refuse_request(row, "  ", actor=clerk)
    operations.refuse_request(row, "不属于物业", actor=clerk)
    with pytest.raises(ValidationError):
        operations.assign_request(row, actor=clerk, craftsman="王师傅")
    with pytest.raises(ValidationError):
        operations.rate_request(row, 5, actor=user)


def test_what_is_not_done_after_all_runs_anew(user, clerk):
    row = report(user)
    operations.assign_request(row, actor=clerk, craftsman="王师傅")
    row = operations.finish_request(row, actor=clerk)
    row = operations.reopen_request(row, "又漏了", actor=user)
    assert (row.state, row.reopened, row.done_at) == ("reported", 1, None)
    assert row.due_at > timezone.now()
    old = operations.finish_request(
        operations.assign_request(row, actor=clerk, craftsman="王师傅"), actor=clerk
    )
    ServiceRequest.objects.update(done_at=timezone.now() - timedelta(days=15))
    old.refresh_from_db()
    with pytest.raises(ValidationError):
        operations.reopen_request(old, "又漏了", actor=user)


def test_overdue_reminds_who_works_on_it_and_the_desk_but_not_at_every_look(user, clerk):
    row = report(user)
    operations.assign_request(row, actor=clerk, to=clerk)
    late = row.due_at + timedelta(hours=1)
    assert operations.remind_overdue(late) == 1
    assert operations.remind_overdue(late + timedelta(hours=1)) == 0
    assert operations.remind_overdue(late + timedelta(hours=25)) == 1
    assert kinds(row)[-2:] == [("late", None), ("late", clerk.pk)]


def test_notes_among_the_staff_stay_there(compound, user, clerk):
    row = report(user)
    operations.answer_request(row, "这家难缠", actor=clerk, is_internal=True)
    operations.answer_request(row, "明早到", actor=clerk)
    seen = RequestNote.objects.visible_to(user)
    assert [note.text for note in seen] == ["明早到"]
    assert RequestNote.objects.visible_to(clerk).count() == 2


def test_the_resident_reports_follows_and_rates_on_the_phone(client, compound, user, clerk):
    client.force_login(user)
    form = client.get(reverse("home-report"))
    sent = {
        "kind": "repair",
        "category": "water",
        "unit": str(user.files.get().residencies.get().unit_id),
        "place": "厨房",
        "description": "漏水",
        "key": form.context["form"]["key"].value(),
        "pictures": SimpleUploadedFile("1.jpg", photo(), "image/jpeg"),
    }
    answer = client.post(reverse("home-report"), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    row = ServiceRequest.objects.get()
    assert answer.url == reverse("home-request", args=[row.pk])
    picture = reverse("request-picture", args=[row.pictures.get().pk])
    assert client.get(picture)["Content-Type"] == "image/jpeg"
    operations.assign_request(row, actor=clerk, craftsman="王师傅")
    operations.finish_request(row, actor=clerk)
    wrong = client.post(reverse("request-rate", args=[row.pk]), {"rating": "9"})
    assert wrong.status_code == 422
    client.post(reverse("request-rate", args=[row.pk]), {"rating": "4"})
    row.refresh_from_db()
    assert (row.state, row.rating) == ("rated", 4)


def test_a_faulty_form_keeps_what_was_typed(client, user):
    client.force_login(user)
    answer = client.post(reverse("home-report"), {"description": "漏水", "key": "k"})
    assert answer.status_code == 422
    assert "漏水" in answer.content.decode()
    assert not ServiceRequest.objects.exists()


@pytest.mark.parametrize("role", ["resident", "guard", "manager"])
def test_nobody_elses_request_is_there(client, compound, user, role):
    row = report(user, pictures=[photo()])
    picture = RequestPicture.objects.get()
    client.force_login(factories.user(role, at=factories.compound()))
    assert client.get(reverse("home-request", args=[row.pk])).status_code == 404
    assert client.get(reverse("request-picture", args=[picture.pk])).status_code == 404
    assert client.post(reverse("request-withdraw", args=[row.pk])).status_code == 404
    row.refresh_from_db()
    assert row.state == "reported"


def test_the_desk_takes_it_down_and_assigns_it(client, compound, user, clerk):
    client.force_login(clerk)
    person = user.files.get()
    home = person.residencies.get().unit
    added = client.post(
        reverse("admin:residents_servicerequest_add"),
        {
            "person": person.pk, "kind": "repair", "category": "lift", "unit": home.pk,
            "place": "2 单元", "description": "电梯抖",
        },
    )  # fmt: skip
    assert added.status_code == 302
    row = ServiceRequest.objects.get()
    assert (row.on_behalf_by, row.person) == (clerk, person)
    url = reverse("admin:residents_servicerequest_assign", args=[row.pk])
    client.post(url, {"_form_submitted": "on", "craftsman": "王师傅", "to": ""})
    row.refresh_from_db()
    assert (row.state, row.craftsman) == ("assigned", "王师傅")
    late = reverse("admin:residents_servicerequest_changelist") + "?due=late"
    assert client.get(late).status_code == 200
