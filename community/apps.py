from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = _("Community")

    def ready(self) -> None:
        # The Celery application must be the default before any task is called.
        from community import celery, checks, events, hints, ledger_guard, metrics, sessions  # noqa: F401

        events.wake(hints.announce)
        metrics.register()

        user_logged_in.connect(sessions.note_sign_in, dispatch_uid="note-sign-in")

        # Declarations of every app, in the order of dependency, before anything records.
        for app in settings.LINLI_APPS:
            if find_spec(f"{app}.handlers"):
                import_module(f"{app}.handlers")
        post_migrate.connect(ledger_guard.install, sender=self, dispatch_uid="ledger-guard")
