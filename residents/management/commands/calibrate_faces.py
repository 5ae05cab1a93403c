"""``manage.py calibrate_faces [--compound CODE]``: thresholds from a compound's own residents."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.models import Compound
from residents.models import FaceTemplate
from residents.operations.faces.matching import calibrate_faces


class Command(BaseCommand):
    help = gettext_lazy("Set face thresholds of each compound from its own consenting residents.")  # type: ignore[assignment]

    def add_arguments(self, parser: CommandParser) -> None:
        text = _("Thresholds of every compound are set unless one is named.")
        parser.add_argument("--compound", metavar="CODE", help=text)

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = Compound.objects.order_by("code")
        if options["compound"]:
            chosen = chosen.filter(code=options["compound"])
            if not chosen:
                raise CommandError(_("There is no compound with this code."))
        for compound in chosen:
            self.stdout.write(self.one(compound))

    def one(self, compound: Compound) -> str:
        """Calibrate on the engine version that was enrolled with last; says what came of it."""
        newest = FaceTemplate.objects.of(compound).order_by("-made_at").first()
        if newest is None:
            text = _("%(compound)s: no face is enrolled. Nothing was changed.")
            return text % {"compound": compound.code}
        found = calibrate_faces(compound, newest.engine)
        if not found.measured:
            text = _("%(compound)s: %(people)s people are too few. The usual thresholds stay.")
            return text % {"compound": compound.code, "people": found.people}
        text = _(
            "%(compound)s: calibrated on %(people)s people. Opens below %(open)s, asks for a "
            "second way below %(second)s."
        )
        limits = found.thresholds
        facts = {"open": f"{limits.open:.3f}", "second": f"{limits.second:.3f}"}
        return text % {"compound": compound.code, "people": found.people, **facts}
