"""Who may not enter the office is told so, instead of being led in a circle."""

from __future__ import annotations

import pytest
from django.test import Client

from community import operations
from community.models import Compound

pytestmark = pytest.mark.django_db


def signed_in_as(client, role: str):
    compound = Compound.objects.create(code="one", name="一号")
    user = operations.add_user("somebody", "a-long-password-1", compound=compound)
    operations.give_role(user, compound, role)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(("role", "status"), [("guard", 403), ("resident", 403), ("manager", 200)])
def test_the_office_opens_to_its_staff_only(client, role, status):
    assert signed_in_as(client, role).get("/admin/", follow=True).status_code == status


def test_a_stranger_is_asked_to_sign_in(client):
    signed_in_as(Client(), "manager")  # an installation without anybody asks for its first account
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/sign-in/?next=/admin/")
