"""What parcels put on the resident's home."""

from django.utils.translation import gettext_lazy as _

from community.home_parts import Card, Tab

CARDS = (Card("parcels", "home-card-parcels", 2, _("Parcels")),)
TABS = (Tab("home-parcels", "package", _("Parcels"), 7),)
