"""People, homes, registrations and their clock in the office."""

from residents import notice_admin, request_admin  # noqa: F401
from residents.admin import clock, exports, homes, people, registrations, residencies, signals  # noqa: F401
