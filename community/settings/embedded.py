"""One process tree from one command, SQLite, no server to install (`make run`)."""

from community.settings.base import *

# The office reaches the box by whatever address its network gives it: community.hosts, in front
# of everything, refuses other names, for WebSockets too.
ALLOWED_HOSTS = ["*"]
OWN_HOSTS_ONLY = True
# HTTP and HTTPS side by side on one host.
COOKIES_BY_SCHEME = True

# Nothing is collected: static files are served from where they lie.
STATIC_ROOT = None
