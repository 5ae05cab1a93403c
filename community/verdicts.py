"""What a decision says: an outcome, a stable code, and facts for one sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise


class Outcome(StrEnum):
    ALLOW = "allow"
    DENY = "deny"
    ASK = "ask"  # a guard decides
    FAIL = "fail"  # nothing could be read


@dataclass(frozen=True)
class Verdict:
    """``facts`` hold ids, codes and numbers; the sentence is rendered in the reader's language."""

    outcome: Outcome
    code: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def opens(self) -> bool:
        return self.outcome is Outcome.ALLOW


Sentence = str | Promise | Callable[[dict[str, Any]], str]
_sentences: dict[str, Sentence] = {}


def explain(code: str, sentence: Sentence) -> None:
    """Register the sentence of a code: a lazy text with %(fact)s places, or a function of facts."""
    _sentences[code] = sentence


def sentence(code: str, facts: dict[str, Any] | None = None) -> str:
    """The sentence of a code in the active language; the code itself if nobody explained it."""
    facts = facts or {}
    said = _sentences.get(code, code)
    if callable(said) and not isinstance(said, str | Promise):
        return said(facts)
    text = str(said)
    try:
        return text % facts if "%(" in text else text
    except KeyError:
        return text


def explained() -> frozenset[str]:
    return frozenset(_sentences)
