"""Registrations, deadlines, let homes and exports in the office."""

import pytest
from django.urls import reverse

from community.models import Look
from residents import operations
from residents.models import Deadline, ExportReceipt, Lease, Letting, Registration, Residency
from tests.community import factories
from tests.residents import homes

pytestmark = pytest.mark.django_db


@pytest.fixture
def letting():
    return homes.letting(factories.compound())


def sign_in(client, *roles, at):
    user = factories.user(*roles, at=at)
    client.force_login(user)
    return user


def page(name, *args):
    return reverse(f"admin:residents_{name}", args=args)


def deed(client, row, what, **values):
    model = row._meta.model_name
    return client.post(page(f"{model}_{what}", row.pk), {"_form_submitted": "on"} | values)


def pages(row):
    return [
        page("registration_changelist"),
        page("registration_change", row.pk),
        page("deadline_changelist"),
        page("letting_changelist"),
        page("letting_code", row.letting_id),
        page("lease_changelist"),
        page("standardaddress_changelist"),
        page("exportreceipt_changelist"),
        page("person_change", row.person_id),
    ]


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("manager", {200}),
        ("desk", {200}),
        ("cashier", {302, 403, 404}),
        ("installer", {302, 403, 404}),
        ("guard", {302}),
        ("resident", {302}),
        ("landlord", {302}),
    ],
)
def test_who_may_open_what(client, letting, role, seen):
    row = homes.confirmed(letting)
    sign_in(client, role, at=letting.compound)
    assert {client.get(url).status_code for url in pages(row)} <= seen


def test_another_compounds_rows_are_not_there(client, letting):
    row = homes.confirmed(letting)
    sign_in(client, "manager", at=factories.compound())
    for url in pages(row):
        assert "许知夏" not in client.get(url).content.decode()
    assert deed(client, row, "end", on="2026-12-01", reason="moved_out").status_code in (403, 404)
    row.refresh_from_db()
    assert row.state == "confirmed"


def test_pages_ask_a_bounded_number_of_queries(client, letting, django_assert_max_num_queries):
    for number in range(8):
        card = homes.number(f"41000019940712{number:02d}1")
        homes.confirmed(letting, document=card, name=f"许知{number}")
    sign_in(client, "desk", at=letting.compound)
    row = Registration.objects.first()
    for url in pages(row):
        client.get(url)
        with django_assert_max_num_queries(20):
            client.get(url)


def test_numbers_are_masked_everywhere(client, letting):
    row = homes.confirmed(letting)
    sign_in(client, "desk", at=letting.compound)
    for url in pages(row):
        text = client.get(url).content.decode()
        assert homes.form()["document"] not in text
        assert homes.form()["phone"] not in text


def test_the_desk_returns_and_accepts(client, letting):
    row = homes.submitted(letting)
    desk = sign_in(client, "desk", at=letting.compound)
    assert deed(client, row, "give_back", reason=" ").status_code == 200  # refused in the dialog
    assert deed(client, row, "give_back", reason="看不清").status_code == 302
    operations.submit_registration(row)
    assert deed(client, row, "accept").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.accepted_by) == ("accepted", desk)
    assert deed(client, row, "accept").status_code == 403  # not possible from here any more
    assert Residency.objects.filter(person=row.person).count() == 1


def test_photographs_are_shown_with_a_reason_only(client, letting):
    row = homes.submitted(letting)
    sign_in(client, "desk", at=letting.compound)
    assert "data:image" not in deed(client, row, "show_photos", reason="").content.decode()
    assert not Look.objects.exists()
    answer = deed(client, row, "show_photos", reason="核对证件")
    assert "data:image/jpeg;base64," in answer.content.decode()
    assert Look.objects.get().reason == "核对证件"


def test_the_list_of_deadlines_begins_with_what_is_overdue(client, letting):
    late = homes.draft(letting, moved_in_on=homes.ago(30))
    homes.draft(letting, moved_in_on=homes.today())
    sign_in(client, "desk", at=letting.compound)
    rows = list(client.get(page("deadline_changelist")).context["cl"].result_list)
    assert rows[0].registration_id == late.pk
    assert [row.due_on for row in rows] == sorted(row.due_on for row in rows)
    overdue = client.get(page("deadline_changelist"), {"urgency": "overdue"}).context["cl"]
    assert {row.due_on < homes.today() for row in overdue.result_list} == {True}
    assert Deadline.objects.count() > len(overdue.result_list)


def test_a_home_is_let_invited_for_and_its_lease_filed(client, letting):
    sign_in(client, "desk", at=letting.compound)
    given = {"name": "许知夏", "phone": "", "moved_in_on": "2026-11-20", "expected_out_on": ""}
    assert deed(client, letting, "invite", **given).status_code == 302
    assert Registration.objects.get().state == "invited"
    values = {"letting": letting.pk, "tenant": "", "starts_on": "2026-01-01",
              "ends_on": "2026-12-31"}  # fmt: skip
    assert client.post(page("lease_add"), values).status_code == 302
    lease = Lease.objects.get()
    assert deed(client, lease, "file", number="备案77", on="2026-01-20").status_code == 302
    assert deed(client, letting, "end", on="2026-12-31").status_code == 302
    assert Letting.objects.get().ended_on is not None


def test_a_new_code_makes_the_old_one_useless(client, letting):
    token = operations.home_token(letting.unit)
    secret = token.partition(":")[0]  # after it comes the second in which it was written
    sign_in(client, "desk", at=letting.compound)
    url = page("letting_code", letting.pk)
    assert secret in client.get(url).content.decode()
    assert secret not in client.post(url).content.decode()
    assert operations.home_of_token(token) is None


def test_moving_in_at_the_desk(client, letting):
    sign_in(client, "desk", at=letting.compound)
    head = {"head-name": "许知夏", "head-document_kind": "resident_id", "head-kind": "tenant",
            "head-document": homes.form()["document"], "head-phone": ""}  # fmt: skip
    home = {"home": letting.unit.code, "on": "2026-11-20", "lease_to": "", "registers": "on"}
    url = page("person_move_in")
    refused = client.post(url, home | head | {"home": "9-9-999"})
    assert refused.status_code == 200
    assert set(refused.context["home"].errors) == {"home"}
    bad = client.post(url, home | head | {"head-document": "410000199407122310"})
    assert set(bad.context["head"].errors) == {"document"}
    assert not Residency.objects.exists()
    assert client.post(url, home | head).status_code == 302
    assert Registration.objects.get().on_behalf
    assert Residency.objects.get().is_head


def test_moving_out_and_merging_at_the_desk(client, letting):
    row = homes.confirmed(letting)
    other = homes.person(letting.compound, "许夏", phone="13800006120")
    sign_in(client, "desk", at=letting.compound)
    operations.change_person(row.person, phone="13900000001")
    assert deed(client, row.person, "merge", number="13700000000").status_code == 200
    assert deed(client, row.person, "merge", number="138 0000 6120").status_code == 302
    other.refresh_from_db()
    assert other.merged_into == row.person
    given = {"home": "9-9-999", "on": str(homes.today()), "household": "on"}
    assert deed(client, row.person, "move_out", **given).status_code == 200
    given["home"] = letting.unit.code
    assert deed(client, row.person, "move_out", **given).status_code == 302
    row.refresh_from_db()
    assert row.state == "ended"


def test_an_export_is_made_and_made_again(client, letting):
    operations.accept_registration(homes.submitted(letting))
    sign_in(client, "desk", at=letting.compound)
    url = page("exportreceipt_make")
    assert client.get(url).status_code == 200
    assert not ExportReceipt.objects.exists()
    assert client.post(url, {"_form_submitted": "on"}).status_code == 302
    receipt = ExportReceipt.objects.get()
    watched = page("exportreceipt_progress", receipt.pk)
    assert 'max="1"' in client.get(watched).content.decode()
    assert client.get(page("exportreceipt_as_csv", receipt.pk)).status_code == 403
    assert operations.export_waiting(seconds=5) == 0
    assert client.get(watched)["HX-Refresh"] == "true"
    for form, start in (("csv", b"\xef\xbb\xbf"), ("excel", b"PK")):
        answer = client.get(page(f"exportreceipt_as_{form}", receipt.pk))
        assert b"".join(answer.streaming_content).startswith(start)
    client.post(url, {"_form_submitted": "on"})
    assert ExportReceipt.objects.count() == 1
