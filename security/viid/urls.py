"""The fixed address of GA/T 1400."""

from django.urls import path

from security.viid.pages import viid

urlpatterns = [path("VIID/<path:rest>", viid, name="viid")]
