"""Deadlines that follow from registrations, leases and lettings, night by night."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from community.models import Notification
from residents import operations
from residents.models import Deadline, DeadlineRule, Holiday, Registration
from residents.obligations import Book
from tests.community import factories
from tests.residents import homes

pytestmark = pytest.mark.django_db


def open_ones(**where):
    rows = Deadline.objects.by_urgency().filter(**where)
    return {row.kind: row.due_on for row in rows}


def at(place):
    return homes.letting(factories.compound(jurisdiction=place))


def test_rules_come_with_their_source_and_are_loaded_once():
    assert DeadlineRule.objects.filter(jurisdiction="henan").exists()
    assert not DeadlineRule.objects.filter(source="").exists()
    assert operations.load_rules() == 0


def test_the_newest_version_in_force_counts_and_the_nation_stands_in():
    given = {"amount": 7, "measure": "days", "source": "市公安局通知", "certainty": "read"}
    DeadlineRule.objects.create(
        jurisdiction="henan", kind="first_registration", version=2, valid_from=date(2030, 1, 1),
        **given,
    )  # fmt: skip
    book = Book()
    assert book.rule("henan", "first_registration", date(2026, 5, 1)).amount == 3
    assert book.rule("henan", "first_registration", date(2030, 5, 1)).amount == 7
    assert book.rule("henan", "endorsement", date(2026, 5, 1)).jurisdiction == "national"
    assert book.rule("henan", "property_report", date(2026, 5, 1)) is None


def test_the_first_registration_is_due_until_it_is_handed_in():
    letting = at("henan")
    row = homes.draft(letting, moved_in_on=homes.ago(2))
    assert open_ones(registration=row)["first_registration"] == homes.ago(2) + timedelta(days=3)
    operations.add_photo(row, "document_front", homes.photo())
    operations.submit_registration(row)
    met = Deadline.objects.get(registration=row, kind="first_registration")
    assert (met.state, met.met_on) == ("met", homes.today())


def test_strict_places_ask_the_landlord_and_the_property_company_too():
    letting = at("zhejiang-strict")
    assert set(open_ones(letting=letting)) == {"landlord_start"}
    operations.report_letting(letting, "start", on=homes.today())
    operations.end_letting(letting, on=homes.today())
    assert set(open_ones(letting=letting, registration=None)) == {"landlord_end"}
    row = operations.accept_registration(homes.submitted(letting))
    assert "property_report" in open_ones(registration=row)
    operations.report_registration(row)
    assert "property_report" not in open_ones(registration=row)


def test_short_visits_to_relatives_are_exempt_where_the_rule_says_so():
    values = {"reason": "12", "expected_out_on": homes.today() + timedelta(days=20)}
    assert "first_registration" not in open_ones(
        registration=homes.draft(at("zhejiang-strict"), **values)
    )
    assert "first_registration" in open_ones(registration=homes.draft(at("henan"), **values))


def test_a_change_is_reported_within_its_time_where_the_rule_says_so():
    row = homes.confirmed(at("zhejiang-strict"))
    row = operations.change_registration(row, workplace="远山机械厂")
    assert open_ones(registration=row)["change_report"] == homes.today() + timedelta(days=10)
    operations.report_registration(row)
    assert "change_report" not in open_ones(registration=row)


def backdated(row, **values):
    """A registration as it would stand had it been confirmed long ago."""
    Registration.objects.filter(pk=row.pk).update(**values)
    operations.refresh_all(homes.today())
    row.refresh_from_db()
    return row


def test_permit_endorsement_suspension_and_years_that_count_anew():
    row = homes.confirmed(at("national"), expected_out_on=homes.ago(-800))
    start = homes.ago(380)
    row = backdated(row, counts_from=start)
    assert open_ones(registration=row).get("permit") is None  # possible for long: on no list
    row = operations.issue_permit(row, number="4100001234567", on=homes.ago(190))
    late_by = open_ones(registration=row)["endorsement"]
    assert late_by < homes.today()
    operations.run_clock()
    row.refresh_from_db()
    assert (row.state, row.suspended_on) == ("expiring", homes.today())
    row = operations.endorse_permit(row, on=homes.today())
    assert (row.state, row.suspended_on, row.counts_from) == ("renewed", None, homes.today())
    assert open_ones(registration=row)["endorsement"] > homes.today() + timedelta(days=360)


def test_an_endorsement_in_time_keeps_the_years():
    row = homes.confirmed(at("national"), expected_out_on=homes.ago(-800))
    row = backdated(row, counts_from=homes.ago(350))
    row = operations.issue_permit(row, number="4100001234567", on=homes.ago(160))
    row = operations.endorse_permit(row, on=homes.today())
    assert row.counts_from == homes.ago(350)
    done = Deadline.objects.get(registration=row, kind="endorsement", state="met")
    assert done.met_on == homes.today()


def test_leases_are_filed_and_end():
    letting = at("henan")
    lease = operations.add_lease(letting, starts_on=homes.ago(10), ends_on=homes.ago(-355))
    assert set(open_ones(lease=lease)) == {"lease_filing", "lease_end"}
    operations.file_lease(lease, number="豫房租备2026-77", on=homes.today())
    assert set(open_ones(lease=lease)) == {"lease_end"}
    operations.end_lease(lease, on=homes.today())
    letting.refresh_from_db()
    assert (open_ones(lease=lease), letting.vacant_since) == ({}, homes.today())


def test_the_clock_says_what_runs_out_and_reminds_once_a_step():
    letting = at("henan")
    row = homes.confirmed(letting, expected_out_on=homes.today() + timedelta(days=14))
    tenant = factories.user("resident", at=letting.compound)
    operations.change_person(row.person, user=tenant)
    for _ in range(2):
        operations.run_clock()
    row.refresh_from_db()
    assert row.state == "expiring"
    told = Notification.objects.filter(user=tenant, kind="residents.deadline_move_out")
    assert told.count() == 1
    eleven = homes.today() + timedelta(days=11)
    assert Deadline.objects.get(registration=row, kind="move_out").remind_on == eleven
    operations.run_clock(eleven)
    assert told.count() == 2


def test_who_has_no_sign_in_is_reminded_by_their_file():
    row = homes.confirmed(at("henan"), expected_out_on=homes.today())
    operations.run_clock()
    note = Notification.objects.get(kind="residents.deadline_move_out")
    assert (note.user, note.address) == (None, f"person:{row.person_id}")


def test_what_is_overdue_stands_first():
    letting = at("henan")
    late = homes.draft(letting, moved_in_on=homes.ago(30))
    soon = homes.draft(letting, moved_in_on=homes.today())
    kinds = Deadline.objects.by_urgency().filter(kind="first_registration")
    assert [row.registration_id for row in kinds] == [late.pk, soon.pk]
    assert [row.registration_id for row in kinds.overdue(homes.today())] == [late.pk]


def test_an_ended_registration_has_nothing_due():
    row = homes.confirmed(at("henan"))
    assert open_ones(registration=row)
    operations.end_registration(row, on=homes.today())
    assert open_ones(registration=row) == {}


def test_a_new_holiday_moves_what_is_counted_in_working_days():
    letting = at("zhejiang-strict")
    before = open_ones(letting=letting)["landlord_start"]
    Holiday.objects.create(day=before, is_working=False, name="临时放假", source="通知")
    operations.refresh_all(timezone.localdate())
    assert open_ones(letting=letting)["landlord_start"] > before
