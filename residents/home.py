"""What the residents' app puts on the resident's home."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.home_parts import Card, Tab

CARDS = (
    Card("visitors", "home-card-visitors", 5, _("Visitors")),
    Card("registration", "home-card-registration", 10, _("My registration")),
    Card("services", "home-card-services", 15, _("Notices and requests")),
    Card("lets", "home-card-lets", 20, _("Homes that I let")),
    Card("household", "home-card-household", 30, _("My household")),
)
TABS = (
    Tab("home", "home", pgettext_lazy("place in the bar", "Home"), 0),
    Tab("home-visitors", "user-plus", _("Visitors"), 5),
    Tab("home-registrations", "certificate", _("Registration"), 10),
    Tab("home-my-data", "user-circle", _("Me"), 90),
)
