import json
import stat

import pytest

from community import keyring, rotation
from community.models import DataKey, Device
from residents.models import Person
from tests.community import factories


@pytest.fixture(autouse=True)
def own_ring(settings, tmp_path):
    settings.KEYRING_PATH = tmp_path / "ring.json"
    return settings.KEYRING_PATH


def test_what_is_sealed_opens_again_and_never_looks_the_same():
    one, two = keyring.encrypt("13800001234"), keyring.encrypt("13800001234")
    assert one != two
    assert "138" not in one
    assert keyring.decrypt(one) == keyring.decrypt(two) == "13800001234"


def test_a_changed_ciphertext_is_refused():
    name, _, body = keyring.encrypt("secret").partition("$")
    other = ("A" if body[0] != "A" else "B") + body[1:]
    with pytest.raises(keyring.Unreadable):
        keyring.decrypt(f"{name}${other}")


def test_a_missing_key_is_named():
    with pytest.raises(keyring.KeyMissing, match="d9"):
        keyring.decrypt("d9$abcd")


def test_only_the_owner_may_read_the_ring(own_ring):
    keyring.ring()
    assert stat.S_IMODE(own_ring.stat().st_mode) == 0o600


def test_indexes_of_two_compounds_or_fields_never_meet():
    value = "13800001234"
    indexes = {keyring.blind_index(value, c, f) for c in (1, 2) for f in ("phone", "document")}
    assert len(indexes) == 4
    assert keyring.blind_index(value, 1, "phone") in indexes


def test_the_current_key_cannot_be_dropped():
    with pytest.raises(ValueError, match="current"):
        keyring.drop_key("data", keyring.current("data"))


def person(compound, phone):
    index = keyring.blind_index(phone, compound.pk, "phone")
    return Person.objects.create(compound=compound, name="何映明", phone=phone, phone_index=index)


@pytest.mark.django_db
def test_rotation_moves_every_row_and_lets_old_keys_go():
    compound = factories.compound()
    people = [person(compound, f"1380000{number:04d}") for number in range(5)]
    device = factories.device(compound, credentials={"password": "door"})
    assert rotation.rotate("data") == 6
    assert rotation.rotate("index") == 10  # each phone, and its end
    assert rotation.in_use("data") == {"d2"}
    assert rotation.drop_unused("data") == ["d1"]
    assert rotation.drop_unused("index") == ["i1"]
    assert Device.objects.get(pk=device.pk).credentials == {"password": "door"}
    found = keyring.blind_index("13800000003", compound.pk, "phone")
    assert Person.objects.get(phone_index=found) == people[3]


@pytest.mark.django_db
def test_an_interrupted_rotation_goes_on_where_it_stopped(monkeypatch):
    compound = factories.compound()
    monkeypatch.setattr(rotation, "BATCH", 2)
    for number in range(5):
        person(compound, f"1390000{number:04d}")

    def cut(label, count):
        if count == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate("data", cut)
    assert rotation.in_use("data") == {"d1", "d2"}
    assert rotation.rotate("data") == 1
    assert rotation.in_use("data") == {"d2"}
    assert DataKey.objects.get().rotation["state"] == "done"
    assert list(json.loads(keyring.settings.KEYRING_PATH.read_text())["data"]["keys"]) == [
        "d1",
        "d2",
    ]


@pytest.mark.django_db
def test_an_encrypted_column_cannot_be_searched_by_text():
    with pytest.raises(TypeError, match="blind index"):
        Person.objects.filter(phone="13800001234")
