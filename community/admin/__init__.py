"""The floor in the office."""

from community.admin import left_out
from community.admin.api_tokens import ApiTokenAdmin
from community.admin.channels import ChannelAdmin, TellingRuleAdmin
from community.admin.devices import CommandAdmin, DeviceAdmin
from community.admin.messages import DeliveryAdmin, NotificationAdmin
from community.admin.people import RoleAdmin, UserAdmin
from community.admin.places import BuildingAdmin, CompoundPage, GateAdmin, LaneAdmin, UnitAdmin
from community.admin.records import (
    DataKeyAdmin,
    EventAdmin,
    HandlerRunAdmin,
    LookAdmin,
    RetentionRuleAdmin,
)
from community.admin.webhooks import WebhookAdmin, WebhookDeliveryAdmin

__all__ = [
    "ApiTokenAdmin",
    "BuildingAdmin",
    "ChannelAdmin",
    "CommandAdmin",
    "CompoundPage",
    "DataKeyAdmin",
    "DeliveryAdmin",
    "DeviceAdmin",
    "EventAdmin",
    "GateAdmin",
    "HandlerRunAdmin",
    "LaneAdmin",
    "LookAdmin",
    "NotificationAdmin",
    "RetentionRuleAdmin",
    "RoleAdmin",
    "TellingRuleAdmin",
    "UnitAdmin",
    "UserAdmin",
    "WebhookAdmin",
    "WebhookDeliveryAdmin",
    "left_out",
]
