"""The floor in the office."""

from community.admin.api_tokens import ApiTokenAdmin
from community.admin.devices import CommandAdmin, DeviceAdmin
from community.admin.people import RoleAdmin, UserAdmin
from community.admin.places import BuildingAdmin, CompoundPage, GateAdmin, LaneAdmin, UnitAdmin
from community.admin.records import (
    DataKeyAdmin,
    EventAdmin,
    HandlerRunAdmin,
    LookAdmin,
    NotificationAdmin,
    RetentionRuleAdmin,
)
from community.admin.webhooks import WebhookAdmin, WebhookDeliveryAdmin

__all__ = [
    "ApiTokenAdmin",
    "BuildingAdmin",
    "CommandAdmin",
    "CompoundPage",
    "DataKeyAdmin",
    "DeviceAdmin",
    "EventAdmin",
    "GateAdmin",
    "HandlerRunAdmin",
    "LaneAdmin",
    "LookAdmin",
    "NotificationAdmin",
    "RetentionRuleAdmin",
    "RoleAdmin",
    "UnitAdmin",
    "UserAdmin",
    "WebhookAdmin",
    "WebhookDeliveryAdmin",
]
