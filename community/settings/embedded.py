"""One process tree from one command, SQLite, no server to install (`make run`)."""

from community.settings.base import *
from community.settings.base import env

# The office reaches the box by whatever address its network gives it.
ALLOWED_HOSTS = env.list("LINLI_HOSTS", default=["*"])

# Nothing is collected: static files are served from where they lie.
STATIC_ROOT = None
