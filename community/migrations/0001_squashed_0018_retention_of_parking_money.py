"""The first migrations in one step, for a new installation: one that has begun keeps to the many."""

import datetime as dt
import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import community.fields
import community.models.people
import community.models.places
from community.tables import CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("community", "0001_initial"),
        ("community", "0002_compound_language"),
        ("community", "0003_api"),
        ("community", "0004_telling"),
        ("community", "0005_kiosk"),
        ("community", "0006_looks_by_subject"),
        ("community", "0007_retention_subjects"),
        ("community", "0008_door_contact"),
        ("community", "0009_retention_of_registrations"),
        ("community", "0010_address_proof"),
        ("community", "0011_retention_of_visits"),
        ("community", "0012_retention_of_parcels"),
        ("community", "0013_names"),
        ("community", "0014_event_order"),
        ("community", "0015_device_push_addresses"),
        ("community", "0016_retention_of_face_shots"),
        ("community", "0017_parking_pictures"),
        ("community", "0018_retention_of_parking_money"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        (
                            "last_login",
                            models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                        ),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        (
                            "username",
                            models.CharField(max_length=150, unique=True, verbose_name="user name"),
                        ),
                        ("name", models.CharField(blank=True, max_length=80, verbose_name="name")),
                        (
                            "language",
                            models.CharField(
                                default="zh-hans", max_length=10, verbose_name="language"
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "user",
                        "verbose_name_plural": "users",
                    },
                    managers=[
                        ("objects", community.models.people.Users()),
                    ],
                ),
                migrations.CreateModel(
                    name="Compound",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "address",
                            models.CharField(blank=True, max_length=200, verbose_name="address"),
                        ),
                        (
                            "timezone",
                            models.CharField(
                                default="Asia/Shanghai", max_length=40, verbose_name="time zone"
                            ),
                        ),
                        (
                            "jurisdiction",
                            models.CharField(
                                default="national", max_length=40, verbose_name="jurisdiction"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=[("zh-hans", "Chinese"), ("en", "English")],
                                default="zh-hans",
                                help_text="What new sign-ins here begin with",
                                max_length=10,
                                verbose_name="language",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                    ],
                    options={
                        "verbose_name": "compound",
                        "verbose_name_plural": "compounds",
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="ApiToken",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="api_tokens",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="user",
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="what it is for")),
                        (
                            "scope",
                            models.CharField(
                                choices=[("read", "Read only"), ("write", "Read and write")],
                                default="read",
                                max_length=5,
                                verbose_name="may",
                            ),
                        ),
                        ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                        (
                            "hint",
                            models.CharField(editable=False, max_length=4, verbose_name="ends in"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                        (
                            "expires_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="expires"),
                        ),
                        (
                            "revoked_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="revoked"),
                        ),
                        (
                            "last_used_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="last used"),
                        ),
                    ],
                    options={
                        "verbose_name": "API token",
                        "verbose_name_plural": "API tokens",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("scope__in", ["read", "write"])),
                                name="api_token_scope_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Device",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="devices",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("camera", "Camera"),
                                    ("barrier", "Barrier"),
                                    ("door", "Door"),
                                    ("locker_bank", "Locker bank"),
                                    ("kiosk", "Tablet at a gate"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "driver",
                            models.CharField(
                                help_text="Name of the driver or picture source",
                                max_length=40,
                                verbose_name="driver",
                            ),
                        ),
                        (
                            "settings",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="Address and options, no secrets",
                                verbose_name="settings",
                            ),
                        ),
                        (
                            "credentials",
                            community.fields.EncryptedJSONField(
                                blank=True, default=dict, verbose_name="credentials"
                            ),
                        ),
                        (
                            "serial",
                            models.CharField(
                                blank=True, max_length=64, verbose_name="serial number"
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "health",
                            models.CharField(
                                choices=[
                                    ("unknown", "Unknown"),
                                    ("online", "Online"),
                                    ("faulty", "Faulty"),
                                    ("offline", "Offline"),
                                ],
                                default="unknown",
                                max_length=8,
                                verbose_name="health",
                            ),
                        ),
                        (
                            "health_code",
                            models.CharField(
                                blank=True, max_length=64, verbose_name="what is wrong"
                            ),
                        ),
                        (
                            "health_since",
                            models.DateTimeField(blank=True, null=True, verbose_name="since"),
                        ),
                        (
                            "last_seen_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="last seen"),
                        ),
                        (
                            "clock_offset_ms",
                            models.IntegerField(
                                blank=True,
                                help_text="Learnt: the device's clock less ours, in milliseconds",
                                null=True,
                                verbose_name="clock offset",
                            ),
                        ),
                        (
                            "clock_samples",
                            models.JSONField(blank=True, default=list, editable=False),
                        ),
                    ],
                    options={
                        "verbose_name": "device",
                        "verbose_name_plural": "devices",
                        "ordering": ["compound", "kind", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "name"), name="device_name_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeviceToken",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "device",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tokens",
                                to="community.device",
                                verbose_name="device",
                            ),
                        ),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("api", "Calls of the API"),
                                    ("push", "Address of a camera that pushes"),
                                ],
                                default="api",
                                editable=False,
                                max_length=4,
                                verbose_name="for",
                            ),
                        ),
                        ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                        (
                            "hint",
                            models.CharField(editable=False, max_length=4, verbose_name="ends in"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                        (
                            "revoked_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="revoked"),
                        ),
                        (
                            "last_used_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="last used"),
                        ),
                    ],
                    options={
                        "verbose_name": "device token",
                        "verbose_name_plural": "device tokens",
                    },
                ),
                migrations.CreateModel(
                    name="LedgerHead",
                    fields=[
                        (
                            "compound",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="ledger",
                                serialize=False,
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("last", models.PositiveBigIntegerField(default=0)),
                        ("low_water", models.PositiveBigIntegerField(default=0)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("low_water__lte", models.F("last"))),
                                name="ledger_low_below_last",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("sequence", models.PositiveBigIntegerField(verbose_name="number")),
                        ("kind", models.CharField(max_length=64, verbose_name="kind")),
                        ("at", models.DateTimeField(verbose_name="happened")),
                        ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                        (
                            "actor",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        ("payload", models.JSONField(default=dict, verbose_name="payload")),
                    ],
                    options={
                        "verbose_name": "event",
                        "verbose_name_plural": "events",
                        "ordering": ["-compound_id", "-sequence"],
                        "indexes": [
                            models.Index(
                                fields=["compound", "kind", "sequence"], name="event_by_kind"
                            ),
                            models.Index(fields=["compound", "at"], name="event_by_time"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "sequence"), name="event_sequence_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandlerRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="handler_runs",
                                to="community.event",
                                verbose_name="event",
                            ),
                        ),
                        ("handler", models.CharField(max_length=80, verbose_name="handler")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "Pending"),
                                    ("done", "Done"),
                                    ("parked", "Parked"),
                                ],
                                default="pending",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        (
                            "error",
                            models.CharField(blank=True, max_length=200, verbose_name="last error"),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="due")),
                        (
                            "finished_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                        ),
                    ],
                    options={
                        "verbose_name": "handler run",
                        "verbose_name_plural": "handler runs",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "pending")),
                                fields=["due_at"],
                                name="handler_due",
                            ),
                            models.Index(
                                condition=models.Q(("state", "parked")),
                                fields=["due_at"],
                                name="handler_parked",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("event", "handler"), name="handler_once_per_event"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Role",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="held_roles",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="user",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="roles",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("resident", "Resident"),
                                    ("landlord", "Landlord"),
                                    ("guard", "Guard"),
                                    ("desk", "Desk clerk"),
                                    ("cashier", "Cashier"),
                                    ("manager", "Property manager"),
                                    ("installer", "Installer"),
                                    ("courier", "Courier"),
                                ],
                                max_length=12,
                                verbose_name="role",
                            ),
                        ),
                        (
                            "carrier",
                            models.CharField(blank=True, max_length=40, verbose_name="carrier"),
                        ),
                        (
                            "started_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="since"),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
                        ),
                    ],
                    options={
                        "verbose_name": "role",
                        "verbose_name_plural": "roles",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("user", "compound", "role", "carrier"),
                                name="role_held_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("role", "courier"), ("carrier", ""), _connector="OR"
                                ),
                                name="role_carrier_for_couriers",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Building",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="buildings",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("code", models.CharField(max_length=10, verbose_name="number")),
                        ("name", models.CharField(blank=True, max_length=40, verbose_name="name")),
                        (
                            "floors",
                            models.PositiveSmallIntegerField(default=1, verbose_name="floors"),
                        ),
                    ],
                    options={
                        "verbose_name": "building",
                        "verbose_name_plural": "buildings",
                        "ordering": ["compound", "code"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "code"), name="building_code_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Unit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="units",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "building",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="units",
                                to="community.building",
                                verbose_name="building",
                            ),
                        ),
                        (
                            "entrance",
                            models.CharField(blank=True, max_length=10, verbose_name="entrance"),
                        ),
                        ("floor", models.SmallIntegerField(verbose_name="floor")),
                        ("room", models.CharField(max_length=10, verbose_name="room")),
                        ("code", models.CharField(max_length=32, verbose_name="home")),
                    ],
                    options={
                        "verbose_name": "home",
                        "verbose_name_plural": "homes",
                        "ordering": ["compound", "code"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "code"), name="unit_code_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Gate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="gates",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("vehicle", "Vehicle gate"),
                                    ("pedestrian", "Pedestrian gate"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "order",
                            models.PositiveSmallIntegerField(default=0, verbose_name="order"),
                        ),
                    ],
                    options={
                        "verbose_name": "gate",
                        "verbose_name_plural": "gates",
                        "ordering": ["compound", "order", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "name"), name="gate_name_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Lane",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lanes",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "gate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lanes",
                                to="community.gate",
                                verbose_name="gate",
                            ),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="name")),
                        (
                            "direction",
                            models.CharField(
                                choices=[("entry", "In"), ("exit", "Out")],
                                max_length=5,
                                verbose_name="direction",
                            ),
                        ),
                        (
                            "order",
                            models.PositiveSmallIntegerField(default=0, verbose_name="order"),
                        ),
                        (
                            "camera",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="watched_lanes",
                                to="community.device",
                                verbose_name="camera",
                            ),
                        ),
                        (
                            "barrier",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="closed_lanes",
                                to="community.device",
                                verbose_name="barrier or door",
                            ),
                        ),
                        (
                            "crossing",
                            models.CharField(
                                choices=[
                                    ("loop", "Known by the loop behind the barrier"),
                                    ("contact", "Known by the door's contact"),
                                    ("next_camera", "Known by the next camera"),
                                    ("assumed", "Assumed after some seconds, and marked so"),
                                ],
                                default="assumed",
                                max_length=12,
                                verbose_name="how a crossing is known",
                            ),
                        ),
                        (
                            "crossing_after_s",
                            models.PositiveSmallIntegerField(
                                default=12, verbose_name="seconds until a crossing is assumed"
                            ),
                        ),
                        (
                            "roi",
                            models.JSONField(
                                default=community.models.places.whole_picture,
                                help_text="x, y, width and height as shares of the picture",
                                verbose_name="region of interest",
                            ),
                        ),
                        (
                            "sure_from",
                            models.FloatField(
                                default=0.85,
                                validators=[
                                    django.core.validators.MinValueValidator(0.5),
                                    django.core.validators.MaxValueValidator(1.0),
                                ],
                                verbose_name="confidence from which a reading may open",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                    ],
                    options={
                        "verbose_name": "lane",
                        "verbose_name_plural": "lanes",
                        "ordering": ["compound", "gate__order", "order", "name"],
                        "constraints": [
                            models.UniqueConstraint(fields=("gate", "name"), name="lane_name_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("sure_from__gte", 0.5), ("sure_from__lte", 1.0)
                                ),
                                name="lane_sure_from_range",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Command",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "device",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="commands",
                                to="community.device",
                                verbose_name="device",
                            ),
                        ),
                        (
                            "lane",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="commands",
                                to="community.lane",
                                verbose_name="lane",
                            ),
                        ),
                        (
                            "action",
                            models.CharField(
                                choices=[
                                    ("open", "Open once"),
                                    ("keep_open", "Keep open"),
                                    ("release", "Release"),
                                    ("open_compartment", "Open a compartment"),
                                ],
                                max_length=20,
                                verbose_name="action",
                            ),
                        ),
                        (
                            "parameters",
                            models.JSONField(blank=True, default=dict, verbose_name="parameters"),
                        ),
                        (
                            "key",
                            models.CharField(
                                help_text="One order, one key",
                                max_length=120,
                                unique=True,
                                verbose_name="idempotency key",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "Pending"),
                                    ("sending", "Being sent"),
                                    ("done", "Done"),
                                    ("failed", "Failed"),
                                    ("unknown", "Unknown"),
                                ],
                                default="pending",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(blank=True, max_length=64, verbose_name="outcome"),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="requested by",
                            ),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="ordered")),
                        ("expires_at", models.DateTimeField(verbose_name="expires")),
                        (
                            "sent_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="sent"),
                        ),
                        (
                            "finished_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                        ),
                    ],
                    options={
                        "verbose_name": "command",
                        "verbose_name_plural": "commands",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["pending", "sending"])),
                                fields=["created_at"],
                                name="command_open",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("sent_at", None), ("state", "pending")),
                                    ("state", "failed"),
                                    ("sent_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="command_sent_has_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notification",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notifications",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="to",
                            ),
                        ),
                        (
                            "address",
                            community.fields.EncryptedTextField(blank=True, verbose_name="address"),
                        ),
                        (
                            "address_index",
                            models.CharField(blank=True, editable=False, max_length=80),
                        ),
                        ("kind", models.CharField(max_length=64, verbose_name="kind")),
                        ("facts", models.JSONField(blank=True, default=dict, verbose_name="facts")),
                        (
                            "private",
                            community.fields.EncryptedJSONField(
                                blank=True, default=dict, editable=False
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                max_length=160, unique=True, verbose_name="idempotency key"
                            ),
                        ),
                        ("via", models.CharField(blank=True, editable=False, max_length=20)),
                        ("step", models.PositiveSmallIntegerField(default=0, editable=False)),
                        ("look_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        (
                            "expires_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="expires"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                        (
                            "delivered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="delivered"),
                        ),
                        (
                            "read_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="read"),
                        ),
                    ],
                    options={
                        "verbose_name": "notification",
                        "verbose_name_plural": "notifications",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("read_at", None)),
                                fields=["user"],
                                name="notification_unread",
                            ),
                            models.Index(
                                condition=models.Q(("look_at__isnull", False)),
                                fields=["look_at"],
                                name="notification_look",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("user__isnull", False),
                                    models.Q(("address_index", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="notification_has_reader",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RetentionRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="retention",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "subject",
                            models.CharField(
                                choices=[
                                    ("events", "Events"),
                                    ("pictures", "Pictures"),
                                    ("readings", "Readings"),
                                    ("looks", "Looks at personal data"),
                                    ("notifications", "Notifications"),
                                    ("signs", "Signs of life at homes"),
                                    ("documents", "Photographs of documents"),
                                    ("requests", "Closed requests with their pictures"),
                                    ("notices", "Notices that are over"),
                                    ("registrations", "Registrations that have ended"),
                                    ("visits", "Visits that are over, and calls to homes"),
                                    ("parcels", "Parcels that are gone"),
                                    ("licences", "Pictures of vehicle licences, once answered"),
                                    (
                                        "car_reports",
                                        "Disputed stays, cars in the way and in fire lanes",
                                    ),
                                    ("payments", "Parking payments, refunds and receipts"),
                                    (
                                        "debts",
                                        "Parking debts that are settled, and orders nobody paid",
                                    ),
                                    ("face_shots", "Pictures of passages by face"),
                                ],
                                max_length=16,
                                verbose_name="what",
                            ),
                        ),
                        ("days", models.PositiveIntegerField(verbose_name="days kept")),
                        (
                            "source",
                            models.CharField(max_length=200, verbose_name="source of the rule"),
                        ),
                    ],
                    options={
                        "verbose_name": "retention rule",
                        "verbose_name_plural": "retention rules",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "subject"), name="retention_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("days__gte", 1)), name="retention_positive"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DataKey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "key_id",
                            models.CharField(max_length=32, unique=True, verbose_name="key"),
                        ),
                        ("purpose", models.CharField(max_length=16, verbose_name="purpose")),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                        (
                            "retired_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="retired"),
                        ),
                        (
                            "rotation",
                            models.JSONField(blank=True, default=dict, verbose_name="rotation"),
                        ),
                    ],
                    options={
                        "verbose_name": "data key",
                        "verbose_name_plural": "data keys",
                    },
                ),
                migrations.CreateModel(
                    name="Look",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="looks",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who",
                            ),
                        ),
                        ("subject", models.CharField(max_length=60, verbose_name="table")),
                        ("subject_id", models.BigIntegerField(verbose_name="row")),
                        ("field", models.CharField(max_length=40, verbose_name="field")),
                        ("reason", models.CharField(max_length=200, verbose_name="reason")),
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
                    ],
                    options={
                        "verbose_name": "look at personal data",
                        "verbose_name_plural": "looks at personal data",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                fields=["subject_id", "subject", "at"], name="look_by_subject"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="look_has_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BrowserSession",
                    fields=[
                        (
                            "session_key",
                            models.CharField(
                                max_length=40,
                                primary_key=True,
                                serialize=False,
                                verbose_name="session key",
                            ),
                        ),
                        ("session_data", models.TextField(verbose_name="session data")),
                        (
                            "expire_date",
                            models.DateTimeField(db_index=True, verbose_name="expire date"),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sessions",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="user",
                            ),
                        ),
                        (
                            "address",
                            models.GenericIPAddressField(
                                blank=True, null=True, verbose_name="network address"
                            ),
                        ),
                        (
                            "agent",
                            models.CharField(blank=True, max_length=200, verbose_name="browser"),
                        ),
                        (
                            "started_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="signed in"
                            ),
                        ),
                        (
                            "seen_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="last seen"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "session",
                        "verbose_name_plural": "sessions",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Authenticator",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                help_text="The human-readable name of this device.", max_length=64
                            ),
                        ),
                        (
                            "confirmed",
                            models.BooleanField(
                                default=True, help_text="Is this device ready for use?"
                            ),
                        ),
                        (
                            "throttling_failure_timestamp",
                            models.DateTimeField(
                                blank=True,
                                default=None,
                                help_text="A timestamp of the last failed verification attempt. Null if last attempt succeeded.",
                                null=True,
                            ),
                        ),
                        (
                            "throttling_failure_count",
                            models.PositiveIntegerField(
                                default=0, help_text="Number of successive failed attempts."
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="authenticator",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="user",
                            ),
                        ),
                        ("secret", community.fields.EncryptedTextField(editable=False)),
                        ("last_step", models.BigIntegerField(default=-1, editable=False)),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                    ],
                    options={
                        "verbose_name": "one-time code app",
                        "verbose_name_plural": "one-time code apps",
                    },
                ),
                migrations.CreateModel(
                    name="BackupCode",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "authenticator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="backup_codes",
                                to="community.authenticator",
                                verbose_name="app",
                            ),
                        ),
                        ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                        (
                            "used_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="used"),
                        ),
                    ],
                    options={
                        "verbose_name": "backup code",
                        "verbose_name_plural": "backup codes",
                    },
                ),
                migrations.CreateModel(
                    name="Channel",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="channels",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "medium",
                            models.CharField(
                                choices=[
                                    ("sms", "SMS"),
                                    ("official_account", "WeChat official account"),
                                    ("web_push", "Browser message"),
                                    ("email", "E-mail"),
                                    ("wecom", "WeCom group"),
                                    ("paper", "Paper from the desk"),
                                ],
                                max_length=20,
                                verbose_name="medium",
                            ),
                        ),
                        ("driver", models.CharField(max_length=40, verbose_name="driver")),
                        (
                            "settings",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="Address and options, no secrets",
                                verbose_name="settings",
                            ),
                        ),
                        (
                            "credentials",
                            community.fields.EncryptedJSONField(
                                blank=True, default=dict, verbose_name="credentials"
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "paused_until",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="paused until"
                            ),
                        ),
                        (
                            "trouble",
                            models.CharField(
                                blank=True, max_length=64, verbose_name="what is wrong"
                            ),
                        ),
                        (
                            "trouble_since",
                            models.DateTimeField(blank=True, null=True, verbose_name="since"),
                        ),
                        (
                            "worked_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="last worked"),
                        ),
                    ],
                    options={
                        "verbose_name": "message channel",
                        "verbose_name_plural": "message channels",
                        "ordering": ["compound", "medium"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "medium"), name="channel_medium_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("medium", "paper"), _negated=True),
                                name="channel_paper_needs_no_channel",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "notification",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="community.notification",
                                verbose_name="message",
                            ),
                        ),
                        (
                            "medium",
                            models.CharField(
                                choices=[
                                    ("sms", "SMS"),
                                    ("official_account", "WeChat official account"),
                                    ("web_push", "Browser message"),
                                    ("email", "E-mail"),
                                    ("wecom", "WeCom group"),
                                    ("paper", "Paper from the desk"),
                                ],
                                max_length=20,
                                verbose_name="medium",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "Waiting"),
                                    ("sending", "Being sent"),
                                    ("sent", "Sent"),
                                    ("delivered", "Delivered"),
                                    ("failed", "Failed"),
                                    ("given_up", "Given up"),
                                ],
                                default="pending",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                blank=True, max_length=64, verbose_name="what happened"
                            ),
                        ),
                        ("recipient", models.CharField(editable=False, max_length=100)),
                        (
                            "address",
                            community.fields.EncryptedTextField(
                                blank=True, editable=False, verbose_name="address"
                            ),
                        ),
                        (
                            "bundle",
                            models.CharField(
                                blank=True, editable=False, max_length=40, verbose_name="sent as"
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="provider's number"
                            ),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="created")),
                        ("due_at", models.DateTimeField(verbose_name="due")),
                        ("claimed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        (
                            "finished_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                        ),
                    ],
                    options={
                        "verbose_name": "message sent",
                        "verbose_name_plural": "messages sent",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["pending", "sending"])),
                                fields=["due_at"],
                                name="message_delivery_due",
                            ),
                            models.Index(
                                fields=["recipient", "medium"], name="message_by_recipient"
                            ),
                            models.Index(
                                fields=["compound", "state", "-id"], name="message_by_state"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("notification", "medium"), name="delivery_once_per_medium"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("finished_at", None), ("state__in", ["pending", "sending"])
                                    ),
                                    models.Q(
                                        ("finished_at__isnull", False),
                                        ("state__in", ["sent", "delivered", "failed", "given_up"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="delivery_finished_has_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContactPoint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contact_points",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="user",
                            ),
                        ),
                        (
                            "medium",
                            models.CharField(
                                choices=[
                                    ("sms", "SMS"),
                                    ("official_account", "WeChat official account"),
                                    ("web_push", "Browser message"),
                                    ("email", "E-mail"),
                                    ("wecom", "WeCom group"),
                                    ("paper", "Paper from the desk"),
                                ],
                                max_length=20,
                                verbose_name="medium",
                            ),
                        ),
                        ("address", community.fields.EncryptedTextField(verbose_name="address")),
                        ("address_index", models.CharField(editable=False, max_length=80)),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                    ],
                    options={
                        "verbose_name": "contact address",
                        "verbose_name_plural": "contact addresses",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "user", "medium"), name="contact_point_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AddressProof",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="user",
                            ),
                        ),
                        (
                            "address",
                            community.fields.EncryptedTextField(blank=True, verbose_name="address"),
                        ),
                        ("digest", models.CharField(blank=True, editable=False, max_length=80)),
                        ("made_at", models.DateTimeField(verbose_name="made")),
                        (
                            "tries",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="wrong guesses"
                            ),
                        ),
                        ("asked", models.PositiveSmallIntegerField(default=0)),
                        ("since", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "address to be proved",
                        "verbose_name_plural": "addresses to be proved",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "user"), name="address_proof_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PushSubscription",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="browsers",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="user",
                            ),
                        ),
                        ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                        (
                            "subscription",
                            community.fields.EncryptedJSONField(
                                editable=False, verbose_name="subscription"
                            ),
                        ),
                        (
                            "label",
                            models.CharField(blank=True, max_length=80, verbose_name="browser"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                        (
                            "worked_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="last worked"),
                        ),
                    ],
                    options={
                        "verbose_name": "browser for messages",
                        "verbose_name_plural": "browsers for messages",
                    },
                ),
                migrations.CreateModel(
                    name="Preference",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="preferences",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="user",
                            ),
                        ),
                        ("topic", models.CharField(max_length=40, verbose_name="topic")),
                        ("media", models.JSONField(blank=True, default=list, verbose_name="media")),
                    ],
                    options={
                        "verbose_name": "preference",
                        "verbose_name_plural": "preferences",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "user", "topic"), name="preference_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TellingRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="telling",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "quiet_from",
                            models.TimeField(default=dt.time(22, 0), verbose_name="quiet from"),
                        ),
                        (
                            "quiet_until",
                            models.TimeField(default=dt.time(7, 30), verbose_name="quiet until"),
                        ),
                        (
                            "bundle_s",
                            models.PositiveSmallIntegerField(
                                default=120,
                                verbose_name="seconds that messages wait for one another",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "quiet hours",
                        "verbose_name_plural": "quiet hours",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("bundle_s__lte", 3600)),
                                name="telling_bundle_bounded",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Webhook",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="webhooks",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("url", models.CharField(max_length=400, verbose_name="address")),
                        (
                            "kinds",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="None chosen: all of them",
                                verbose_name="kinds of events",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        ("secret", community.fields.EncryptedTextField(editable=False)),
                        (
                            "old_secret",
                            community.fields.EncryptedTextField(blank=True, editable=False),
                        ),
                        (
                            "old_secret_until",
                            models.DateTimeField(blank=True, editable=False, null=True),
                        ),
                        ("cursor", models.PositiveBigIntegerField(default=0, editable=False)),
                        (
                            "failures",
                            models.PositiveIntegerField(
                                default=0, editable=False, verbose_name="failures in a row"
                            ),
                        ),
                        (
                            "paused_until",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="paused until"
                            ),
                        ),
                        (
                            "leased_until",
                            models.DateTimeField(blank=True, editable=False, null=True),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                    ],
                    options={
                        "verbose_name": "webhook",
                        "verbose_name_plural": "webhooks",
                        "ordering": ["compound", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "name"), name="webhook_name_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookDelivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "webhook",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="community.webhook",
                                verbose_name="webhook",
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                blank=True,
                                help_text="None: a test",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.event",
                                verbose_name="event",
                            ),
                        ),
                        (
                            "key",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                unique=True,
                                verbose_name="delivery",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("done", "Delivered"),
                                    ("dead", "Given up"),
                                ],
                                default="waiting",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        (
                            "status",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="answer"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(blank=True, max_length=64, verbose_name="outcome"),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="queued")),
                        ("due_at", models.DateTimeField(verbose_name="due")),
                        (
                            "finished_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                        ),
                    ],
                    options={
                        "verbose_name": "webhook delivery",
                        "verbose_name_plural": "webhook deliveries",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["webhook", "due_at"],
                                name="delivery_due",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("event", "webhook"), name="delivery_once_per_event"
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
