from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SecurityConfig(AppConfig):
    name = "security"
    verbose_name = _("Security")

    def ready(self) -> None:
        # How the gates' events look in the feed, wherever the feed is served.
        from security import presentation  # noqa: F401
