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
