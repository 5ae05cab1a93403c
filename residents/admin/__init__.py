"""People, homes, registrations and their clock in the office."""

from residents.admin import clock, exports, homes, people, registrations, residencies  # noqa: F401
