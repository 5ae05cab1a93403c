"""The texts that a compound may publish as they are, and what each purpose is in plain words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from residents.models import ConsentText

Purpose = ConsentText.Purpose
#: What is agreed to. Published, a copy of it is kept with its version; a change here changes none.
PROPOSED: dict[str, Any] = {
    Purpose.FACE_ENTRY: _(
        "I agree that numbers are computed from at least three pictures of my face, and that the "
        "doors of this compound which I may use compare them with faces at the door to let me in.\n"
        "What is kept: the numbers, sealed, on the compound's own machines; not the pictures they "
        "are made of. They leave the compound for no one. A picture of a passage by face is erased "
        "after the days that the compound's rule says.\n"
        "How long: until I withdraw or move out.\n"
        "I may withdraw at any moment on this page or at the desk. The numbers are erased at once, "
        "and I am shown which devices have confirmed it.\n"
        "I need not agree. Card, personal code and PIN open the same doors."
    ),
    Purpose.FACE_PICTURES: _(
        "I agree that the pictures my face was enrolled with are kept, sealed, on the compound's "
        "own machines, so that I can look at what was enrolled. Only I can open them. They are "
        "erased when I withdraw this, or my consent to opening doors by face."
    ),
}
ABOUT: dict[str, Any] = {
    Purpose.FACE_ENTRY: _("The door knows you without a card or a phone."),
    Purpose.FACE_PICTURES: _("Otherwise they are discarded as soon as your face is enrolled."),
}
#: Nobody is asked for what is not used: a passage by face counts as no sign of life today.
ORDER = (Purpose.FACE_ENTRY, Purpose.FACE_PICTURES)
