"""How sure a recognition was, in words: a distance says nothing to whoever stands at the gate."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from community.vision.faces.gallery import Match
from community.vision.faces.tiers import Thresholds
from security.models import Passage

#: Parts of the distance at which the gate opens; a match below the first is as good as any.
VERY = 0.8
#: Margins to the next person, in which nobody else is meant, or somebody might be.
ALONE, CLOSE = 0.08, 0.02


def likeness(match: Match, thresholds: Thresholds) -> str:
    """A code: how near the face is to the enrolled pictures."""
    limit = thresholds.open - match.tighter
    if match.distance < VERY * limit:
        return "very"
    return "enough" if match.distance < limit else "some"


def others(match: Match) -> str:
    """A code: how near the next person is."""
    if match.margin >= ALONE:
        return "nobody"
    return "somebody" if match.margin >= CLOSE else "close"


def about(face: dict[str, Any]) -> str:
    """Two short sentences on how somebody was recognised."""
    like = {
        "very": _("Looks very much like the enrolled pictures."),
        "enough": _("Looks like the enrolled pictures."),
        "some": _("Looks somewhat like the enrolled pictures; compare carefully."),
    }
    beside = {
        "nobody": _("Nobody else comes near."),
        "somebody": _("Somebody else looks a little alike."),
        "close": _("Somebody else looks almost as much alike."),
    }
    words = [like.get(str(face.get("likeness")), ""), beside.get(str(face.get("others")), "")]
    return " ".join(word for word in words if word)


def of_passage(passage: Passage) -> str:
    """How whoever stands or stood there was known; empty where it was not by face, or nobody."""
    face = passage.facts.get("face") if passage.person_id else None
    return about(face) if isinstance(face, dict) else ""
