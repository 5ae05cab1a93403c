"""The first migrations in one step, for a new installation: one that has begun keeps to the many."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import community.fields
from community.tables import CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("security", "0001_initial"),
        ("security", "0002_corrections_and_alert_steps"),
        ("security", "0003_passages_by_state"),
        ("security", "0004_shifts_and_patrols"),
        ("security", "0005_lane_check"),
        ("security", "0006_people_on_foot"),
        ("security", "0007_watch_list"),
        ("security", "0008_doors_and_fire"),
        ("security", "0009_home_calls"),
        ("security", "0010_exit_buttons"),
        ("security", "0011_names"),
        ("security", "0012_faces_at_gates"),
        ("security", "0013_faces_of_buildings"),
    ]

    initial = True

    dependencies = [
        ("community", "0001_squashed_0018_retention_of_parking_money"),
        ("parking", "0001_squashed_0007_invariants"),
        ("residents", "0001_squashed_0018_passes_of_couriers"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Alert",
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
                                related_name="alerts",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("kind", models.CharField(max_length=64, verbose_name="kind")),
                        ("key", models.CharField(max_length=120)),
                        (
                            "severity",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Urgent"), (2, "Important"), (3, "Notice")],
                                verbose_name="severity",
                            ),
                        ),
                        (
                            "device",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="alerts",
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
                                related_name="alerts",
                                to="community.lane",
                                verbose_name="lane",
                            ),
                        ),
                        ("facts", models.JSONField(blank=True, default=dict, verbose_name="facts")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("acknowledged", "Acknowledged"),
                                    ("assigned", "Assigned"),
                                    ("closed", "Closed"),
                                ],
                                default="open",
                                max_length=12,
                                verbose_name="state",
                            ),
                        ),
                        ("raised_at", models.DateTimeField(verbose_name="raised")),
                        (
                            "taken_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="taken by",
                            ),
                        ),
                        (
                            "taken_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="taken"),
                        ),
                        (
                            "assigned_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="assigned to",
                            ),
                        ),
                        (
                            "assigned_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="assigned"),
                        ),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="closed by",
                            ),
                        ),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="closed"),
                        ),
                        (
                            "ending",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("put_right", "Put right"),
                                    ("false_alarm", "Nothing was wrong"),
                                    ("passed_on", "Passed on to repair or the manager"),
                                    ("other", "Other"),
                                    ("over", "Over by itself"),
                                ],
                                max_length=12,
                                verbose_name="how it ended",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                    ],
                    options={
                        "verbose_name": "alert",
                        "verbose_name_plural": "alerts",
                        "ordering": ["severity", "raised_at"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "closed"), _negated=True),
                                fields=["compound", "severity", "raised_at"],
                                name="alert_open",
                            ),
                            models.Index(fields=["compound", "-raised_at"], name="alert_by_time"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "closed"), _negated=True),
                                fields=("compound", "key"),
                                name="alert_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ending", ""),
                                        ("state", "open"),
                                        ("assigned_to__isnull", True),
                                        ("closed_at__isnull", True),
                                        ("taken_by__isnull", True),
                                    ),
                                    models.Q(
                                        ("ending", ""),
                                        ("state", "acknowledged"),
                                        ("assigned_to__isnull", True),
                                        ("closed_at__isnull", True),
                                        ("taken_at__isnull", False),
                                        ("taken_by__isnull", False),
                                    ),
                                    models.Q(
                                        ("ending", ""),
                                        ("state", "assigned"),
                                        ("assigned_at__isnull", False),
                                        ("assigned_to__isnull", False),
                                        ("closed_at__isnull", True),
                                        ("taken_by__isnull", False),
                                    ),
                                    models.Q(
                                        ("state", "closed"),
                                        models.Q(("ending", ""), _negated=True),
                                        ("closed_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="alert_state_fits",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "closed"), _negated=True),
                                    models.Q(("closed_by", None), ("ending", "over")),
                                    models.Q(
                                        models.Q(("ending", "over"), _negated=True),
                                        ("closed_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="alert_closed_by_person_or_itself",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Misread",
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
                            ),
                        ),
                        ("read", models.CharField(max_length=40, verbose_name="as read")),
                        ("plate", models.CharField(max_length=10, verbose_name="right plate")),
                        ("learnt_at", models.DateTimeField(verbose_name="learnt")),
                    ],
                    options={
                        "verbose_name": "learnt misread",
                        "verbose_name_plural": "learnt misreads",
                        "ordering": ["-learnt_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "read", "plate"), name="misread_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("read", ""), _negated=True),
                                    models.Q(("plate", ""), _negated=True),
                                ),
                                name="misread_names_both_plates",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("read", models.F("plate")), _negated=True),
                                name="misread_differs",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DoorWatch",
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
                            ),
                        ),
                        (
                            "lane",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="door_watch",
                                to="community.lane",
                            ),
                        ),
                        ("is_open", models.BooleanField(default=False, verbose_name="stands open")),
                        ("since", models.DateTimeField(verbose_name="since")),
                        ("fire", models.BooleanField(default=False, verbose_name="fire input")),
                        (
                            "how",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("command", "By a command"),
                                    ("button", "By the exit button"),
                                    ("kept", "Kept open"),
                                    ("forced", "By nothing that is known"),
                                    (
                                        "assumed",
                                        "From inside, assumed: this door does not tell of its exit button",
                                    ),
                                ],
                                max_length=8,
                                verbose_name="opened",
                            ),
                        ),
                        (
                            "pressed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="exit button pressed"
                            ),
                        ),
                        (
                            "presses",
                            models.PositiveBigIntegerField(blank=True, editable=False, null=True),
                        ),
                        (
                            "tells_exit",
                            models.BooleanField(
                                blank=True, null=True, verbose_name="tells of its exit button"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "door's contact",
                        "verbose_name_plural": "doors' contacts",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_open", False),
                                    models.Q(("how", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="door_open_somehow",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FireAlarm",
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
                                related_name="fire_alarms",
                                to="community.compound",
                            ),
                        ),
                        (
                            "lane",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="community.lane",
                                verbose_name="heard at",
                            ),
                        ),
                        ("started_at", models.DateTimeField(verbose_name="from")),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="ended by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "fire alarm",
                        "verbose_name_plural": "fire alarms",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("compound",),
                                name="fire_alarm_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("ended_by", None)),
                                    models.Q(
                                        ("ended_at__gte", models.F("started_at")),
                                        ("ended_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="fire_alarm_ended_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FaceRule",
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
                            "gate",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="face_rule",
                                to="community.gate",
                                verbose_name="gate",
                            ),
                        ),
                        (
                            "is_on",
                            models.BooleanField(
                                default=False,
                                help_text="For residents who enrolled a face. Card, code and PIN stay as they are.",
                                verbose_name="faces count here",
                            ),
                        ),
                        (
                            "attended",
                            models.BooleanField(
                                default=False,
                                help_text="A gate where nobody watches asks for a second way beside the face.",
                                verbose_name="a guard stands here",
                            ),
                        ),
                        (
                            "asks_task",
                            models.BooleanField(
                                default=False,
                                help_text="A hurdle for photographs, no proof of life: a film on a screen passes it.",
                                verbose_name="asks to blink or to turn the head",
                            ),
                        ),
                        (
                            "asks_second",
                            models.BooleanField(
                                default=True,
                                help_text="A card, a code or a PIN of the same person, or the guard.",
                                verbose_name="asks for a second way beside the face",
                            ),
                        ),
                        (
                            "buildings",
                            models.ManyToManyField(
                                blank=True,
                                help_text="For the door of a building: faces of others are not even compared there. Leave empty for everybody who lives or works here.",
                                related_name="+",
                                to="community.building",
                                verbose_name="for residents of these buildings only",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "faces at a gate",
                        "verbose_name_plural": "faces at gates",
                        "ordering": ["gate__order", "gate__name"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_on", False),
                                    ("asks_task", True),
                                    ("asks_second", True),
                                    _connector="OR",
                                ),
                                name="face_never_opens_bare",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KeepOpen",
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
                            "lane",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="keep_opens",
                                to="community.lane",
                                verbose_name="lane",
                            ),
                        ),
                        ("reason", models.CharField(max_length=40, verbose_name="reason")),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        ("started_at", models.DateTimeField(verbose_name="from")),
                        ("until", models.DateTimeField(verbose_name="until")),
                        (
                            "started_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "released_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="released"),
                        ),
                        (
                            "released_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="closed by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "lane kept open",
                        "verbose_name_plural": "lanes kept open",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("released_at", None)),
                                fields=("lane",),
                                name="keep_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("until__gt", models.F("started_at"))),
                                name="keep_open_has_end",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PatrolPoint",
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
                                related_name="patrol_points",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="name")),
                        (
                            "place",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="where the sheet hangs"
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        ("secret", community.fields.EncryptedTextField(editable=False)),
                        ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                        (
                            "secret_since",
                            models.DateTimeField(editable=False, verbose_name="code valid since"),
                        ),
                    ],
                    options={
                        "verbose_name": "patrol point",
                        "verbose_name_plural": "patrol points",
                        "ordering": ["compound", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "name"), name="patrol_point_name_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Picture",
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
                            "lane",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="community.lane",
                                verbose_name="lane",
                            ),
                        ),
                        (
                            "file",
                            models.CharField(
                                help_text="Path below the media folder", max_length=200
                            ),
                        ),
                        ("digest", models.CharField(max_length=64)),
                        ("width", models.PositiveIntegerField(verbose_name="width")),
                        ("height", models.PositiveIntegerField(verbose_name="height")),
                        ("taken_at", models.DateTimeField(verbose_name="taken")),
                        (
                            "erased_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="erased"),
                        ),
                    ],
                    options={
                        "verbose_name": "picture",
                        "verbose_name_plural": "pictures",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("erased_at", None)),
                                fields=["taken_at"],
                                name="picture_kept",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Passage",
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
                                related_name="passages",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "lane",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="passages",
                                to="community.lane",
                                verbose_name="lane",
                            ),
                        ),
                        ("direction", models.CharField(max_length=5, verbose_name="direction")),
                        (
                            "plate",
                            models.CharField(blank=True, max_length=10, verbose_name="plate"),
                        ),
                        (
                            "read_as",
                            models.CharField(
                                blank=True,
                                help_text="Where a person put the plate right",
                                max_length=40,
                                verbose_name="as read",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                default="unknown", max_length=12, verbose_name="plate kind"
                            ),
                        ),
                        ("confidence", models.FloatField(default=0.0, verbose_name="confidence")),
                        (
                            "vehicle",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="passages",
                                to="parking.vehicle",
                                verbose_name="vehicle",
                            ),
                        ),
                        ("way", models.CharField(blank=True, max_length=8, verbose_name="way in")),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="passages",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="passages",
                                to="residents.visit",
                                verbose_name="visit",
                            ),
                        ),
                        (
                            "picture",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="security.picture",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("allow", "Opened"),
                                    ("deny", "Refused"),
                                    ("ask", "Waiting for a guard"),
                                    ("fail", "Not read"),
                                ],
                                max_length=5,
                                verbose_name="decision",
                            ),
                        ),
                        ("code", models.CharField(max_length=64, verbose_name="rule")),
                        ("facts", models.JSONField(blank=True, default=dict, verbose_name="facts")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("opened", "Opened"),
                                    ("refused", "Refused"),
                                    ("crossed", "Crossed"),
                                    ("gone", "Gone"),
                                    ("stored", "Stored only"),
                                ],
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("seen_at", models.DateTimeField(verbose_name="seen")),
                        ("decided_at", models.DateTimeField(verbose_name="decided")),
                        ("by_hand", models.BooleanField(default=False, verbose_name="by hand")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=40, verbose_name="reason"),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        (
                            "command",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="passage",
                                to="community.command",
                            ),
                        ),
                        (
                            "crossed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="crossed"),
                        ),
                        (
                            "crossing",
                            models.CharField(
                                blank=True, max_length=12, verbose_name="crossing known by"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "passage",
                        "verbose_name_plural": "passages",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["compound", "-seen_at"], name="passage_by_time"),
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "opened"])),
                                fields=["lane", "-id"],
                                name="passage_open",
                            ),
                            models.Index(fields=["compound", "plate"], name="passage_by_plate"),
                            models.Index(
                                fields=["state", "compound", "seen_at"], name="passage_by_state"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("by_hand", False),
                                    models.Q(
                                        ("decided_by__isnull", False),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="passage_by_hand_has_who_and_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "crossed"), _negated=True),
                                    ("crossed_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="passage_crossed_has_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Correction",
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
                            ),
                        ),
                        (
                            "passage",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="corrections",
                                to="security.passage",
                                verbose_name="passage",
                            ),
                        ),
                        (
                            "read",
                            models.CharField(blank=True, max_length=40, verbose_name="as read"),
                        ),
                        ("plate", models.CharField(max_length=10, verbose_name="right plate")),
                        ("before", models.JSONField(default=dict, verbose_name="before")),
                        (
                            "misread",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="corrections",
                                to="security.misread",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        ("made_at", models.DateTimeField(verbose_name="corrected")),
                        (
                            "undone_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "undone_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="undone"),
                        ),
                    ],
                    options={
                        "verbose_name": "correction of a plate",
                        "verbose_name_plural": "corrections of plates",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("undone_at", None)),
                                fields=("passage",),
                                name="correction_stands_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("undone_at", None), ("undone_by", None)),
                                    models.Q(
                                        ("undone_at__isnull", False), ("undone_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="correction_undone_has_who_and_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("plate", ""), _negated=True),
                                name="correction_names_a_plate",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HomeCall",
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
                            "lane",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="community.lane",
                                verbose_name="lane",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("guest", "Guest"),
                                    ("courier", "Courier"),
                                    ("trade", "Tradesperson"),
                                ],
                                default="guest",
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(blank=True, max_length=80, verbose_name="visitor"),
                        ),
                        (
                            "people",
                            models.PositiveSmallIntegerField(
                                default=1, verbose_name="how many people"
                            ),
                        ),
                        (
                            "plate",
                            models.CharField(blank=True, max_length=10, verbose_name="plate"),
                        ),
                        (
                            "passage",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="security.passage",
                            ),
                        ),
                        (
                            "device",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="community.device",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="called by",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("ringing", "Ringing"),
                                    ("let_in", "Let in by the home"),
                                    ("refused", "Refused by the home"),
                                    ("not_at_home", "Nobody at home"),
                                    ("timed_out", "No answer"),
                                    ("withdrawn", "Hung up"),
                                ],
                                default="ringing",
                                max_length=12,
                                verbose_name="state",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="called")),
                        ("expires_at", models.DateTimeField(verbose_name="rings until")),
                        (
                            "answered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="residents.person",
                                verbose_name="answered by",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="residents.visit",
                                verbose_name="visit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "call to a home",
                        "verbose_name_plural": "calls to homes",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "ringing")),
                                fields=["unit", "expires_at"],
                                name="home_call_ringing",
                            ),
                            models.Index(
                                fields=["compound", "-asked_at"], name="home_call_by_time"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "ringing")),
                                fields=("lane", "unit"),
                                name="home_call_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("expires_at__gt", models.F("asked_at"))),
                                name="home_call_ends",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state__in", ["let_in", "refused", "not_at_home"]),
                                        _negated=True,
                                    ),
                                    ("answered_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="home_call_answered_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Presentation",
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
                            "lane",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="presentations",
                                to="community.lane",
                                verbose_name="lane",
                            ),
                        ),
                        (
                            "device",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="community.device",
                                verbose_name="device",
                            ),
                        ),
                        ("key", models.CharField(max_length=120, verbose_name="idempotency key")),
                        ("way", models.CharField(max_length=8, verbose_name="way in")),
                        ("received_at", models.DateTimeField(verbose_name="received")),
                        (
                            "passage",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="presentations",
                                to="security.passage",
                                verbose_name="passage",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "way in shown",
                        "verbose_name_plural": "ways in shown",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("lane", "key"), name="presentation_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reading",
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
                            "lane",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="readings",
                                to="community.lane",
                                verbose_name="lane",
                            ),
                        ),
                        (
                            "device",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="readings",
                                to="community.device",
                                verbose_name="device",
                            ),
                        ),
                        ("key", models.CharField(max_length=120, verbose_name="idempotency key")),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("camera", "Camera read here"),
                                    ("push", "Pushed by a camera"),
                                    ("api", "Through the API"),
                                ],
                                max_length=8,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "plate",
                            models.CharField(blank=True, max_length=10, verbose_name="plate"),
                        ),
                        (
                            "plate_raw",
                            models.CharField(blank=True, max_length=40, verbose_name="as read"),
                        ),
                        (
                            "kind",
                            models.CharField(
                                default="unknown", max_length=12, verbose_name="plate kind"
                            ),
                        ),
                        (
                            "colour",
                            models.CharField(blank=True, max_length=20, verbose_name="colour"),
                        ),
                        ("confidence", models.FloatField(default=0.0, verbose_name="confidence")),
                        ("characters", models.JSONField(blank=True, default=list)),
                        (
                            "frames",
                            models.PositiveSmallIntegerField(
                                default=1, verbose_name="frames that voted"
                            ),
                        ),
                        ("box", models.JSONField(blank=True, null=True)),
                        (
                            "picture",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="readings",
                                to="security.picture",
                            ),
                        ),
                        ("captured_at", models.DateTimeField(verbose_name="captured")),
                        ("received_at", models.DateTimeField(verbose_name="received")),
                        (
                            "time_source",
                            models.CharField(
                                default="device", max_length=12, verbose_name="time from"
                            ),
                        ),
                        (
                            "is_realtime",
                            models.BooleanField(default=True, verbose_name="real time"),
                        ),
                        (
                            "passage",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="readings",
                                to="security.passage",
                                verbose_name="passage",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "reading",
                        "verbose_name_plural": "readings",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["lane", "-received_at"], name="reading_by_lane")
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("device", "key"), name="reading_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("confidence__gte", 0.0), ("confidence__lte", 1.0)
                                ),
                                name="reading_confidence_range",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LaneCheck",
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
                            ),
                        ),
                        (
                            "lane",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="setup_checks",
                                to="community.lane",
                            ),
                        ),
                        (
                            "device",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.device",
                            ),
                        ),
                        (
                            "step",
                            models.CharField(
                                choices=[
                                    ("region", "Region drawn"),
                                    ("plate", "Test plate read"),
                                    ("barrier", "Barrier tested"),
                                ],
                                max_length=8,
                                verbose_name="step",
                            ),
                        ),
                        ("passed_at", models.DateTimeField(verbose_name="passed")),
                        (
                            "passed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "set-up check",
                        "verbose_name_plural": "set-up checks",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("lane", "step"), name="setup_check_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Handover",
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
                                related_name="handovers",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("prepared", "Being prepared"),
                                    ("signed", "Waiting for the next guard"),
                                    ("accepted", "Handed over"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="prepared",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "outgoing",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="handed over by",
                            ),
                        ),
                        (
                            "incoming",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="taken over by",
                            ),
                        ),
                        (
                            "note",
                            models.TextField(
                                blank=True,
                                max_length=1000,
                                verbose_name="what the next guard must know",
                            ),
                        ),
                        (
                            "remark",
                            models.TextField(
                                blank=True, max_length=500, verbose_name="remark of the next guard"
                            ),
                        ),
                        (
                            "snapshot",
                            models.JSONField(
                                blank=True, default=dict, verbose_name="what was handed over"
                            ),
                        ),
                        ("prepared_at", models.DateTimeField(verbose_name="prepared")),
                        (
                            "signed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="signed"),
                        ),
                        (
                            "accepted_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="accepted"),
                        ),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="withdrawn"),
                        ),
                    ],
                    options={
                        "verbose_name": "shift handover",
                        "verbose_name_plural": "shift handovers",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                fields=["compound", "-prepared_at"], name="handover_by_time"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["prepared", "signed"])),
                                fields=("compound", "outgoing"),
                                name="handover_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["prepared", "withdrawn"]),
                                    ("signed_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="handover_signed_has_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("accepted_at__isnull", False),
                                        ("incoming__isnull", False),
                                        ("state", "accepted"),
                                    ),
                                    models.Q(
                                        models.Q(("state", "accepted"), _negated=True),
                                        ("accepted_at", None),
                                        ("incoming", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="handover_accepted_has_who_and_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("incoming", None),
                                    models.Q(("incoming", models.F("outgoing")), _negated=True),
                                    _connector="OR",
                                ),
                                name="handover_between_two",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("accepted_at", None),
                                    ("accepted_at__gte", models.F("signed_at")),
                                    _connector="OR",
                                ),
                                name="handover_signed_before_accepted",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "withdrawn"), _negated=True),
                                    ("withdrawn_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="handover_withdrawn_has_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WatchEntry",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("plate", "Plate"),
                                    ("card", "Card"),
                                    ("pass", "Visitor's pass"),
                                ],
                                max_length=5,
                                verbose_name="what",
                            ),
                        ),
                        (
                            "plate",
                            models.CharField(blank=True, max_length=10, verbose_name="plate"),
                        ),
                        ("card_index", models.CharField(blank=True, editable=False, max_length=80)),
                        (
                            "hint",
                            models.CharField(
                                blank=True, editable=False, max_length=4, verbose_name="ends in"
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="residents.visit",
                                verbose_name="visit",
                            ),
                        ),
                        (
                            "basis",
                            models.CharField(
                                choices=[
                                    ("police", "Written request of the police"),
                                    ("court", "Court order"),
                                    ("protection", "Order that protects a resident"),
                                    ("owners", "Decision of the owners' assembly"),
                                ],
                                max_length=12,
                                verbose_name="legal basis",
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(
                                blank=True, max_length=60, verbose_name="number of the paper"
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                max_length=200, verbose_name="what the guard must know"
                            ),
                        ),
                        ("entered_at", models.DateTimeField(verbose_name="entered")),
                        (
                            "entered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="entered by",
                            ),
                        ),
                        ("expires_at", models.DateTimeField(verbose_name="until")),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="ended by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "watch list entry",
                        "verbose_name_plural": "watch list",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at", None)),
                                fields=["compound", "plate"],
                                name="watch_by_plate",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("expires_at__gt", models.F("entered_at"))),
                                name="watch_entry_ends",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="watch_entry_has_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("basis", "owners"),
                                    models.Q(("reference", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="watch_entry_has_paper",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("card_index", ""),
                                        ("kind", "plate"),
                                        ("visit", None),
                                        models.Q(("plate", ""), _negated=True),
                                    ),
                                    models.Q(
                                        ("kind", "card"),
                                        ("plate", ""),
                                        ("visit", None),
                                        models.Q(("card_index", ""), _negated=True),
                                    ),
                                    models.Q(
                                        ("card_index", ""),
                                        ("kind", "pass"),
                                        ("plate", ""),
                                        ("visit__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="watch_entry_of_one_thing",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("ended_by", None)),
                                    models.Q(
                                        ("ended_at__isnull", False), ("ended_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="watch_entry_ended_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WatchHit",
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
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="hits",
                                to="security.watchentry",
                                verbose_name="entry",
                            ),
                        ),
                        (
                            "passage",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="watch_hits",
                                to="security.passage",
                                verbose_name="passage",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="when")),
                        (
                            "answer",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not said yet"),
                                    ("yes", "It is"),
                                    ("no", "It is not"),
                                ],
                                max_length=3,
                                verbose_name="is it what is meant?",
                            ),
                        ),
                        (
                            "answered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="compared"),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="compared by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "hit of the watch list",
                        "verbose_name_plural": "hits of the watch list",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entry", "passage"), name="watch_hit_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answer", ""), ("answered_at", None), ("answered_by", None)
                                    ),
                                    models.Q(
                                        models.Q(("answer", ""), _negated=True),
                                        ("answered_at__isnull", False),
                                        ("answered_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="watch_hit_answered_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PatrolRoute",
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
                                related_name="patrol_routes",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="name")),
                        (
                            "in_order",
                            models.BooleanField(default=False, verbose_name="points in this order"),
                        ),
                        ("starts", models.JSONField(default=list, verbose_name="starts")),
                        ("weekdays", models.JSONField(default=list, verbose_name="days")),
                        (
                            "tolerance_min",
                            models.PositiveSmallIntegerField(
                                default=15,
                                validators=[
                                    django.core.validators.MinValueValidator(5),
                                    django.core.validators.MaxValueValidator(240),
                                ],
                                verbose_name="minutes it may begin earlier or later",
                            ),
                        ),
                        (
                            "duration_min",
                            models.PositiveSmallIntegerField(
                                default=30,
                                validators=[
                                    django.core.validators.MinValueValidator(5),
                                    django.core.validators.MaxValueValidator(240),
                                ],
                                verbose_name="minutes it takes at most",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                    ],
                    options={
                        "verbose_name": "patrol route",
                        "verbose_name_plural": "patrol routes",
                        "ordering": ["compound", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "name"), name="patrol_route_name_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("duration_min__range", (5, 240)),
                                    ("tolerance_min__range", (5, 240)),
                                ),
                                name="patrol_route_minutes_range",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PatrolStop",
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
                            "route",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stops",
                                to="security.patrolroute",
                            ),
                        ),
                        (
                            "point",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stops",
                                to="security.patrolpoint",
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField(verbose_name="order")),
                    ],
                    options={
                        "verbose_name": "stop of a route",
                        "verbose_name_plural": "stops of a route",
                        "ordering": ["route", "order"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("route", "point"), name="patrol_stop_once"
                            ),
                            models.UniqueConstraint(
                                fields=("route", "order"), name="patrol_stop_order_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PatrolRound",
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
                            "route",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rounds",
                                to="security.patrolroute",
                                verbose_name="route",
                            ),
                        ),
                        ("stops", models.JSONField(default=list)),
                        ("planned_at", models.DateTimeField(verbose_name="planned")),
                        ("opens_at", models.DateTimeField(verbose_name="may begin from")),
                        ("late_at", models.DateTimeField(verbose_name="late from")),
                        ("due_at", models.DateTimeField(verbose_name="to be complete by")),
                        (
                            "is_extra",
                            models.BooleanField(default=False, verbose_name="of own accord"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("running", "Under way"),
                                    ("done", "Complete"),
                                    ("incomplete", "Points missed"),
                                    ("missed", "Not walked"),
                                ],
                                default="planned",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "started_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="begun"),
                        ),
                        (
                            "started_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="walked by",
                            ),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
                        ),
                        (
                            "missed",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="points missed"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "patrol round",
                        "verbose_name_plural": "patrol rounds",
                        "ordering": ["-planned_at", "-id"],
                        "indexes": [
                            models.Index(
                                fields=["compound", "-planned_at"], name="patrol_round_by_time"
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ["planned", "running"])),
                                fields=["due_at"],
                                name="patrol_round_open",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("route", "planned_at"), name="patrol_round_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("started_at", None),
                                        ("started_by", None),
                                        ("state__in", ["planned", "missed"]),
                                    ),
                                    models.Q(
                                        ("started_at__isnull", False),
                                        ("started_by__isnull", False),
                                        ("state__in", ["running", "done", "incomplete"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="patrol_round_walked_has_who_and_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_at", None), ("state__in", ["planned", "running"])
                                    ),
                                    models.Q(
                                        ("ended_at__isnull", False),
                                        ("state__in", ["done", "incomplete", "missed"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="patrol_round_ended_has_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("due_at__gt", models.F("planned_at")),
                                    ("opens_at__lte", models.F("planned_at")),
                                    ("late_at__gte", models.F("planned_at")),
                                    ("late_at__lte", models.F("due_at")),
                                ),
                                name="patrol_round_times_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PatrolScan",
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
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="scans",
                                to="security.patrolround",
                            ),
                        ),
                        (
                            "point",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="scans",
                                to="security.patrolpoint",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="when")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "how",
                            models.CharField(
                                choices=[("code", "Code scanned"), ("hand", "By hand")],
                                max_length=4,
                                verbose_name="how",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("sheet_damaged", "The sheet is gone or damaged"),
                                    ("no_camera", "The phone cannot read it"),
                                    ("dark", "Too dark to read it"),
                                    ("other", "Other"),
                                ],
                                max_length=16,
                                verbose_name="reason",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        (
                            "out_of_order",
                            models.BooleanField(default=False, verbose_name="out of order"),
                        ),
                    ],
                    options={
                        "verbose_name": "point confirmed",
                        "verbose_name_plural": "points confirmed",
                        "ordering": ["at", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("round", "point"), name="patrol_scan_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("how", "code"), ("reason", "")),
                                    models.Q(
                                        models.Q(("how", "hand")),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="patrol_scan_by_hand_has_reason",
                            ),
                        ],
                    },
                ),
            ]
        ),
        migrations.AddField(
            model_name="PatrolRoute",
            name="points",
            field=models.ManyToManyField(
                related_name="routes",
                through="security.PatrolStop",
                to="security.patrolpoint",
                verbose_name="points",
            ),
        ),
    ]
