"""What parking puts on the resident's home."""

from django.utils.translation import gettext_lazy as _

from community.home_parts import Card

CARDS = (Card("vehicles", "home-card-vehicles", 40, _("My vehicles")),)
