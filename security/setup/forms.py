"""What is typed about the compound, its homes, lanes and people."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.models import Gate, Lane, Role, Unit
from security.setup.homes import Pattern, read_buildings
from security.setup.operations import LanePlan
from security.setup.operations.people import ROLES
from security.setup.styled import StyledForm

ZONES = [
    ("Asia/Shanghai", _("China (Beijing time)")),
    ("Asia/Urumqi", _("Xinjiang (local time)")),
    ("Asia/Hong_Kong", _("Hong Kong")),
    ("Asia/Macau", _("Macau")),
    ("Asia/Singapore", _("Singapore")),
    ("UTC", "UTC"),
]
PLAIN = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}


class CompoundForm(StyledForm):
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        error_messages={"required": _("Enter the compound's name.")},
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=ZONES)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("What new sign-ins here begin with; each person may choose another."),
    )

    def clean_timezone(self) -> str:
        zone: str = self.cleaned_data["timezone"]
        ZoneInfo(zone)
        return zone


class HomesForm(StyledForm):
    buildings = forms.CharField(
        label=_("Buildings"),
        max_length=400,
        help_text=_("Numbers or letters, like 1-8, 10, A."),
        error_messages={"required": _("Enter the buildings, like 1-8.")},
        widget=forms.TextInput(attrs=PLAIN),
    )
    entrances = forms.IntegerField(
        label=_("Entrances of each building"),
        min_value=0,
        max_value=20,
        initial=1,
        help_text=_("0 where homes are numbered without an entrance."),
    )
    first_floor = forms.IntegerField(
        label=_("Lowest floor with homes"), min_value=1, max_value=99, initial=1
    )
    floors = forms.IntegerField(label=_("Floors with homes"), min_value=1, max_value=99, initial=6)
    homes = forms.IntegerField(label=_("Homes on each floor"), min_value=1, max_value=50, initial=2)

    def clean_buildings(self) -> tuple[str, ...]:
        return read_buildings(self.cleaned_data["buildings"])

    @property
    def pattern(self) -> Pattern:
        """Of a valid form."""
        return Pattern(**self.cleaned_data)


class LaneForm(StyledForm):
    gate = forms.CharField(
        label=_("Gate"),
        max_length=40,
        help_text=_("A new name makes a new gate."),
        error_messages={"required": _("Enter the gate's name.")},
    )
    kind = forms.ChoiceField(label=_("For"), choices=Gate.Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Lane"),
        max_length=40,
        error_messages={"required": _("Enter the lane's name.")},
    )
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=Lane.Direction.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a direction.")},
    )
    crossing = forms.ChoiceField(
        label=_("How a crossing is known"),
        choices=Lane.Crossing.choices,
        initial=Lane.Crossing.ASSUMED,
    )
    crossing_after_s = forms.IntegerField(
        label=_("Seconds until a crossing is assumed"), min_value=3, max_value=120, initial=12
    )

    @property
    def plan(self) -> LanePlan:
        """Of a valid form."""
        return LanePlan(**self.cleaned_data)


class PersonForm(StyledForm):
    name = forms.CharField(
        label=_("Name"), max_length=80, error_messages={"required": _("Enter a name.")}
    )
    role = forms.ChoiceField(label=_("Works as"), widget=forms.RadioSelect)
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        error_messages={"required": _("Enter a user name.")},
        widget=forms.TextInput(attrs=PLAIN),
    )
    password = forms.CharField(
        label=_("First password"),
        max_length=200,
        strip=False,
        help_text=_("At least 10 characters. Tell it to the person yourself."),
        error_messages={"required": _("Enter a password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, is_operator: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = [role for role in ROLES if is_operator or role != Role.Name.MANAGER]
        field: Any = self.fields["role"]
        field.choices = [(role.value, role.label) for role in allowed]


class VehicleForm(StyledForm):
    plate = forms.CharField(
        label=_("Number plate"),
        max_length=30,
        error_messages={"required": _("Give the number plate.")},
        widget=forms.TextInput(attrs={**PLAIN, "autocapitalize": "characters"}),
    )
    home = forms.CharField(
        label=_("Home"),
        max_length=32,
        required=False,
        help_text=_("Its number, like 3-2-1202. May stay empty."),
        widget=forms.TextInput(attrs=PLAIN),
    )

    def __init__(self, *args: Any, compound: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._compound = compound

    def clean_home(self) -> Unit | None:
        code = self.cleaned_data["home"].strip()
        if not code:
            return None
        unit: Unit | None = Unit.objects.of(self._compound).filter(code=code).first()
        if unit is None:
            raise ValidationError(_("There is no home with this number here."))
        return unit
