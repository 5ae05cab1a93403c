"""Loading the demo compound: once, whole, and never among real residents."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from community import demo
from community.demo_plan import PLANS
from community.models import Compound, User
from parking.models import Vehicle

pytestmark = pytest.mark.django_db
APPS = ("community", "residents", "parcels", "parking", "security")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def counts() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for app in APPS
        for model in apps.get_app_config(app).get_models()
    }


def test_a_second_load_changes_nothing(monkeypatch):
    assert demo.is_wanted()
    demo.load()
    before = counts()
    assert demo.load() == []
    assert not demo.is_wanted()
    assert counts() == before
    # Cut off after the last row of each part, before it was recorded: completed in place.
    monkeypatch.setattr(demo, "_missing", all_parts)
    demo.load()
    before["community.Event"] += len(all_parts())
    assert counts() == before


def all_parts():
    return [
        (plan, app, demo._load_places if app == "community" else demo._part(app))
        for app in APPS
        for plan in PLANS
    ]


def test_an_interrupted_load_is_completed(monkeypatch):
    real = demo._part
    monkeypatch.setattr(demo, "_part", lambda app: cut if app == "parking" else real(app))
    with pytest.raises(KeyboardInterrupt):
        demo.load()
    assert not Vehicle.objects.exists()
    monkeypatch.setattr(demo, "_part", real)
    assert demo.is_wanted()
    later = [f"{plan.code}.{app}" for app in ("parking", "security") for plan in PLANS]
    assert demo.load() == later


def cut(compound):
    raise KeyboardInterrupt


def test_it_does_not_enter_a_real_installation():
    Compound.objects.create(code="real", name="真实小区")
    assert not demo.is_wanted()
    with pytest.raises(demo.DemoRefused):
        demo.load()
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert Compound.objects.count() == 1


def test_it_does_not_enter_production(settings):
    settings.DEMO = False
    assert not demo.is_wanted()
    with pytest.raises(demo.DemoRefused):
        demo.load()
    assert not User.objects.exists()
