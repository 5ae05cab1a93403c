"""Settings of a web process as it is installed: orders go by thread, unlike in the suite's own."""

from community.settings.test import *  # noqa: F403

DEVICE_DELIVERY = "thread"
#: Nobody waits half a minute for a body that drips.
PUSH_SLOWEST_S = 1.0
