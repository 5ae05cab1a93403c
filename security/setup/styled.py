"""Forms in the house's dress."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

BARE = (forms.HiddenInput, forms.CheckboxInput, forms.RadioSelect)


class StyledForm(forms.Form):
    """Fields look like ours; what the browser would check is checked here, in words."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress()

    def dress(self) -> None:
        """Once more where a form adds fields of its own."""
        for field in self.fields.values():
            if not isinstance(field.widget, BARE):
                field.widget.attrs["class"] = "l-input"

    def take(self, error: ValidationError) -> None:
        """Show a verb's faults under the fields that they name."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, faults in error.error_dict.items():
            self.add_error(name if name in self.fields else None, faults)
