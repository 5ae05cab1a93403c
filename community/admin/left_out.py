"""Tables that packages bring to the office and that nobody works with there.

Rights are roles in a compound, never groups; Beat's table is written anew from the settings at
each start, so that what somebody typed there would be lost; failed sign-ins stand in the log, and
a lock-out ends by itself. Loaded after the packages' own registrations (see ``INSTALLED_APPS``).
"""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin

for label in ("auth", "django_celery_beat", "axes"):
    for model in apps.get_app_config(label).get_models():
        if admin.site.is_registered(model):
            admin.site.unregister(model)
