"""What the gates put on the resident's home: the bell."""

from django.utils.translation import gettext_lazy as _

from community.home_parts import Card

CARDS = (Card("calls", "home-card-calls", 0, _("At the gate")),)
