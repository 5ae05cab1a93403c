"""People, homes, registrations and their clock in the office."""

from residents import notice_admin, request_admin  # noqa: F401
from residents.admin import (  # noqa: F401
    care,
    clock,
    exports,
    face_registers,
    faces,
    homes,
    lists,
    people,
    registrations,
    residencies,
    signals,
    ways,
)
