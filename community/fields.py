"""Columns whose content is encrypted at rest."""

from __future__ import annotations

import json
from typing import Any

from django.db import models

from community import keyring


class EncryptedTextField(models.TextField):
    """Text kept as a ciphertext that names its key; empty stays empty."""

    def get_prep_value(self, value: Any) -> Any:
        return keyring.encrypt(str(value)) if value else ""

    def from_db_value(self, value: str | None, *_: Any) -> str:
        return keyring.decrypt(value) if value else ""

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in {"isnull"}:
            raise TypeError("An encrypted column is found by its blind index, not by its text.")
        return super().get_lookup(lookup_name)


class EncryptedJSONField(EncryptedTextField):
    """A JSON value kept as one ciphertext."""

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(json.dumps(value) if value else "")

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        text = super().from_db_value(value)
        return json.loads(text) if text else {}

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) and value else value or {}

    def value_to_string(self, obj: models.Model) -> str:
        return json.dumps(self.value_from_object(obj))


class BlindTailField(models.CharField):
    """The blind index of the last characters of an encrypted column, such as a phone's end.

    Kept in step at each save of the whole row and in ``bulk_create``; who saves some columns only
    names this one with the column ``of`` that it follows. Empty where the value is hardly longer.
    """

    def __init__(self, *args: Any, of: str, length: int = 4, **options: Any) -> None:
        self.of, self.length = of, length
        own: dict[str, Any] = {"max_length": 80, "blank": True, "editable": False, "default": ""}
        super().__init__(*args, **(own | options))

    def deconstruct(self) -> Any:
        name, path, arguments, options = super().deconstruct()
        return name, path, arguments, options | {"of": self.of, "length": self.length}

    @property
    def label(self) -> str:
        """What the index is bound to, beside the compound."""
        return f"{self.of}_tail"

    def index_of(self, row: Any) -> str:
        """The index that a row of one compound should have."""
        value = str(getattr(row, self.of) or "")
        if len(value) < self.length + 3:
            return ""
        return keyring.blind_index(value[-self.length :], row.compound_id, self.label)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        index = self.index_of(model_instance)
        setattr(model_instance, self.attname, index)
        return index
