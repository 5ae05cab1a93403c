"""The Celery application: real queues in production, one embedded worker otherwise."""

import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.settings.embedded")

app = Celery("linli")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def keep_our_logging(**_kwargs: object) -> None:
    """Being connected is enough: Celery then leaves the loggers as the settings made them."""
