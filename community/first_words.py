"""Addresses looked up by the words they begin with.

Django compares an address with one pattern after the other: some two hundred for an address of the
last app, a fifth of what a short page takes of the processor. Here only those are compared that
begin with the same one or two words, or with none of their own, in the same order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from django.urls import URLPattern, URLResolver
from django.urls.resolvers import RegexPattern, ResolverMatch, RoutePattern

Pattern = URLPattern | URLResolver
Words = tuple[str, ...]
#: Words with a slash each, the slash not to be left out or said twice.
BEGINNING = re.compile(r"((?:[\w-]+/(?![?*+{])){0,2})")


class FirstWords(URLResolver):
    """What ``include`` of all these patterns would be, resolved by the first two words."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        super().__init__(RoutePattern(""), list(patterns))

    @cached_property
    def _by_words(self) -> dict[Words, URLResolver]:
        """A resolver for each beginning that a pattern has, and for each one's first word."""
        every = [(_words(one), one) for one in _flat(self.url_patterns)]
        known = {words[:length] for words, _one in every for length in range(3)}
        return {
            words: URLResolver(
                RoutePattern(""), [one for own, one in every if own == words[: len(own)]]
            )
            for words in known
        }

    def resolve(self, path: str) -> ResolverMatch:
        first, second = [*path.split("/", 2), "", ""][:2]
        known = self._by_words
        found = known.get((first, second)) or known.get((first,)) or known[()]
        return found.resolve(path)


def _flat(patterns: Sequence[Pattern]) -> Iterator[Pattern]:
    """The patterns in their order; those that were included as they are, one by one."""
    for one in patterns:
        if isinstance(one, URLResolver) and _is_plain(one):
            yield from _flat(one.url_patterns)
        else:
            yield one


def _is_plain(one: URLResolver) -> bool:
    """Whether including them adds neither words, nor a namespace, nor values."""
    named = one.namespace or one.app_name or one.default_kwargs
    return str(one.pattern) == "" and not named


def _words(one: Pattern) -> Words:
    """The words that an address must begin with, at most two; none where the pattern says none."""
    said = str(one.pattern)
    if isinstance(one.pattern, RegexPattern):
        if not said.startswith("^") or "|" in said.partition("(")[0]:
            return ()
        said = said[1:]
    found = BEGINNING.match(said)
    return tuple(found[1].split("/")[:-1]) if found else ()
