"""Faces at a gate: the gate's rule, the one road of a face, and what a guard says against it."""

from security.operations.faces.mistakes import not_that_person
from security.operations.faces.passing import FaceSeen, handle_face
from security.operations.faces.rules import buildings_of, rule_of, set_face_rule

__all__ = [
    "FaceSeen", "buildings_of", "handle_face", "not_that_person", "rule_of", "set_face_rule",
]  # fmt: skip
