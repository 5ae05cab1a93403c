"""Tables of the floor."""

from community.models.api_tokens import ApiToken
from community.models.devices import Command, Device, DeviceToken
from community.models.events import Event, HandlerRun, LedgerHead
from community.models.people import Role, User
from community.models.places import Building, Compound, Gate, Lane, Unit
from community.models.records import DataKey, Look, Notification, RetentionRule
from community.models.sign_ins import Authenticator, BackupCode, BrowserSession
from community.models.telling import (
    AddressProof,
    Channel,
    ContactPoint,
    Delivery,
    Medium,
    Preference,
    PushSubscription,
    TellingRule,
)
from community.models.webhooks import Webhook, WebhookDelivery

__all__ = [
    "AddressProof",
    "ApiToken",
    "Authenticator",
    "BackupCode",
    "BrowserSession",
    "Building",
    "Channel",
    "Command",
    "Compound",
    "ContactPoint",
    "DataKey",
    "Delivery",
    "Device",
    "DeviceToken",
    "Event",
    "Gate",
    "HandlerRun",
    "Lane",
    "LedgerHead",
    "Look",
    "Medium",
    "Notification",
    "Preference",
    "PushSubscription",
    "RetentionRule",
    "Role",
    "TellingRule",
    "Unit",
    "User",
    "Webhook",
    "WebhookDelivery",
]
