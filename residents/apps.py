from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ResidentsConfig(AppConfig):
    name = "residents"
    verbose_name = _("Residents")

    def ready(self) -> None:
        from residents import way_guard
        from residents.operations import load_rules

        # The rules that come with Linli are data of its tables, also after a flush.
        post_migrate.connect(load_rules, sender=self, dispatch_uid="residents-rules")
        post_migrate.connect(way_guard.install, sender=self, dispatch_uid="way-guard")
