"""The first migrations in one step, for a new installation: one that has begun keeps to the many."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import community.fields


class Migration(migrations.Migration):
    replaces = [
        ("parcels", "0001_initial"),
        ("parcels", "0002_parcels_and_couriers"),
        ("parcels", "0003_words"),
        ("parcels", "0004_live_by_end"),
    ]

    initial = True

    dependencies = [
        ("community", "0014_event_order"),
        ("residents", "0014_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="LockerBank",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="place")),
                (
                    "compound",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="locker_banks",
                        to="community.compound",
                        verbose_name="compound",
                    ),
                ),
                (
                    "device",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="locker_bank",
                        to="community.device",
                        verbose_name="device",
                    ),
                ),
                (
                    "locked_until",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="takes no codes until"
                    ),
                ),
                ("tablet", community.fields.EncryptedTextField(blank=True, editable=False)),
                ("tablet_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("wrong", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("wrong_since", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name": "locker bank",
                "verbose_name_plural": "locker banks",
                "ordering": ["compound", "name"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("compound", "name"), name="locker_bank_name_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("tablet_digest", ""), _negated=True),
                        fields=("tablet_digest",),
                        name="locker_tablet_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Carrier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "compound",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="community.compound",
                        verbose_name="compound",
                    ),
                ),
            ],
            options={
                "verbose_name": "carrier",
                "verbose_name_plural": "carriers",
                "ordering": ["compound", "name"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("compound", "name"), name="carrier_name_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="KeepingRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "keep_hours",
                    models.PositiveSmallIntegerField(
                        default=48, verbose_name="hours in the locker"
                    ),
                ),
                (
                    "remind_hours",
                    models.PositiveSmallIntegerField(
                        default=24, verbose_name="reminded after hours"
                    ),
                ),
                (
                    "ask_hours",
                    models.PositiveSmallIntegerField(
                        default=24, verbose_name="hours to answer when the time is over"
                    ),
                ),
                (
                    "desk_days",
                    models.PositiveSmallIntegerField(default=7, verbose_name="days at the desk"),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source of the rule")),
                (
                    "compound",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="community.compound",
                        verbose_name="compound",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule for keeping parcels",
                "verbose_name_plural": "rules for keeping parcels",
                "indexes": [],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ask_hours__gte", 1), ("desk_days__gte", 1), ("keep_hours__gte", 1)
                        ),
                        name="keeping_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("remind_hours__lt", models.F("keep_hours"))),
                        name="keeping_reminds_before",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Shelf",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "compound",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="community.compound",
                        verbose_name="compound",
                    ),
                ),
            ],
            options={
                "verbose_name": "shelf",
                "verbose_name_plural": "shelves",
                "ordering": ["compound", "name"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("compound", "name"), name="shelf_name_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Compartment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "size",
                    models.CharField(
                        choices=[("small", "Small"), ("medium", "Medium"), ("large", "Large")],
                        max_length=6,
                        verbose_name="size",
                    ),
                ),
                ("is_faulty", models.BooleanField(default=False, verbose_name="out of order")),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="compartments",
                        to="parcels.lockerbank",
                        verbose_name="locker bank",
                    ),
                ),
                (
                    "alarm",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Nothing"),
                            ("forced", "Open without an order"),
                            ("left_open", "Left open"),
                        ],
                        default="",
                        editable=False,
                        max_length=9,
                        verbose_name="alarm",
                    ),
                ),
                (
                    "open_since",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="open since"
                    ),
                ),
                ("ordered_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name": "compartment",
                "verbose_name_plural": "compartments",
                "ordering": ["bank", "number"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("bank", "number"), name="compartment_number_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Courier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="full name")),
                ("phone", community.fields.EncryptedTextField(verbose_name="phone")),
                ("phone_index", models.CharField(editable=False, max_length=80)),
                (
                    "most_a_day",
                    models.PositiveSmallIntegerField(
                        default=200, verbose_name="parcels a day at most"
                    ),
                ),
                ("misses", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("misses_since", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "locked_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="waits until"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "carrier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="couriers",
                        to="parcels.carrier",
                        verbose_name="carrier",
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
                        related_name="courier_of",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sign-in",
                    ),
                ),
            ],
            options={
                "verbose_name": "courier",
                "verbose_name_plural": "couriers",
                "ordering": ["compound", "carrier", "name"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("compound", "phone_index"),
                        name="courier_phone_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("compound", "user"),
                        name="courier_user_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("parcel", "Parcel"),
                            ("letter", "Letter"),
                            ("registered", "Registered mail"),
                            ("outgoing", "To be sent"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("locker", "Locker"),
                            ("desk", "Leave it at the desk"),
                            ("door", "At my door"),
                            ("neighbour", "With a neighbour"),
                            ("ask", "Ask me each time"),
                        ],
                        max_length=9,
                        verbose_name="where",
                    ),
                ),
                (
                    "neighbour",
                    models.CharField(blank=True, max_length=32, verbose_name="neighbour's home"),
                ),
                (
                    "on_behalf",
                    models.BooleanField(default=False, verbose_name="at the desk, on behalf"),
                ),
                ("made_at", models.DateTimeField(verbose_name="chosen")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "carrier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="parcels.carrier",
                        verbose_name="carrier",
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
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="delivery_choices",
                        to="residents.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery choice",
                "verbose_name_plural": "delivery choices",
                "ordering": ["-id"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("carrier__isnull", False), ("ended_at", None)),
                        fields=("person", "carrier", "kind"),
                        name="choice_of_carrier_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("carrier", None), ("ended_at", None)),
                        fields=("person", "kind"),
                        name="choice_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("way", "neighbour"), _negated=True),
                            models.Q(("neighbour", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="choice_names_neighbour",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "registered"), ("way", "locker"), _negated=True
                        ),
                        name="choice_registered_no_locker",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CourierCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=80)),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                (
                    "tries",
                    models.PositiveSmallIntegerField(default=0, verbose_name="wrong guesses"),
                ),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="used")),
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
                    "courier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codes",
                        to="parcels.courier",
                        verbose_name="courier",
                    ),
                ),
            ],
            options={
                "verbose_name": "courier's code",
                "verbose_name_plural": "couriers' codes",
                "ordering": ["-id"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Parcel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("parcel", "Parcel"),
                            ("letter", "Letter"),
                            ("registered", "Registered mail"),
                            ("outgoing", "To be sent"),
                        ],
                        default="parcel",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("waybill", models.CharField(max_length=40, verbose_name="waybill")),
                ("waybill_tail", models.CharField(editable=False, max_length=4)),
                (
                    "label",
                    community.fields.EncryptedTextField(
                        blank=True, verbose_name="recipient on the label"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("opening", "Being put in"),
                            ("stored", "In the locker"),
                            ("taking", "Being taken out"),
                            ("desk", "Lies at the desk"),
                            ("collected", "Fetched"),
                            ("delivered", "Brought home"),
                            ("returned", "Given to the carrier"),
                            ("undone", "Not put in"),
                        ],
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "bring_home",
                    models.BooleanField(default=False, verbose_name="to be brought home"),
                ),
                ("seen_open", models.BooleanField(default=False, editable=False)),
                (
                    "by_proxy",
                    models.BooleanField(default=False, verbose_name="fetched by somebody else"),
                ),
                (
                    "doubt",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Nothing"),
                            ("door_silent", "The door did not answer"),
                            ("door_open", "The door stands open"),
                            ("maybe_empty", "Nobody saw whether it was put in"),
                            ("reported", "The recipient reported something"),
                        ],
                        max_length=11,
                        verbose_name="to be looked at",
                    ),
                ),
                ("code", community.fields.EncryptedTextField(blank=True, editable=False)),
                ("code_index", models.CharField(blank=True, editable=False, max_length=80)),
                ("secret", community.fields.EncryptedTextField(blank=True, editable=False)),
                ("secret_digest", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "rung",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "In time"),
                            (1, "Reminded"),
                            (2, "Asked what to do"),
                            (3, "To be moved to the desk"),
                            (4, "To be given back to the carrier"),
                        ],
                        default=0,
                        verbose_name="after its time",
                    ),
                ),
                (
                    "keep_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="kept until"),
                ),
                (
                    "prolonged",
                    models.BooleanField(default=False, verbose_name="asked for a later day"),
                ),
                (
                    "signed_by",
                    models.CharField(blank=True, max_length=80, verbose_name="signed by"),
                ),
                ("created_at", models.DateTimeField(verbose_name="came")),
                ("moved_at", models.DateTimeField(verbose_name="since")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "carrier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parcels",
                        to="parcels.carrier",
                        verbose_name="carrier",
                    ),
                ),
                (
                    "command",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="community.command",
                    ),
                ),
                (
                    "compartment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parcels",
                        to="parcels.compartment",
                        verbose_name="compartment",
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
                    "courier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="parcels.courier",
                        verbose_name="courier",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="parcels",
                        to="residents.person",
                        verbose_name="recipient",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="community.unit",
                        verbose_name="home",
                    ),
                ),
                (
                    "shelf",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parcels",
                        to="parcels.shelf",
                        verbose_name="shelf",
                    ),
                ),
            ],
            options={
                "verbose_name": "parcel",
                "verbose_name_plural": "parcels",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["compound", "waybill"], name="parcel_by_waybill"),
                    models.Index(
                        fields=["compound", "waybill_tail"], name="parcel_by_waybill_tail"
                    ),
                    models.Index(fields=["person", "-id"], name="parcel_of_person"),
                    models.Index(fields=["ended_at"], name="parcel_by_end"),
                    models.Index(fields=["courier", "created_at"], name="parcel_by_courier"),
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["compound", "keep_until"],
                        name="parcel_live_by_time",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["compound", "code_index"],
                        name="parcel_live_by_code",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["person", "keep_until"],
                        name="parcel_live_of_person",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("compartment__isnull", False)),
                        fields=("compartment",),
                        name="parcel_one_per_compartment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("compartment__isnull", False),
                                ("shelf", None),
                                ("state__in", ("opening", "stored", "taking")),
                            ),
                            models.Q(
                                ("compartment", None), ("shelf__isnull", False), ("state", "desk")
                            ),
                            models.Q(
                                ("compartment", None),
                                ("shelf", None),
                                ("state__in", ("collected", "delivered", "returned", "undone")),
                            ),
                            _connector="OR",
                        ),
                        name="parcel_in_one_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at", None),
                                ("state__in", ("opening", "stored", "taking", "desk")),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state__in", ("collected", "delivered", "returned", "undone")),
                            ),
                            _connector="OR",
                        ),
                        name="parcel_ended_has_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("code_index", ""), _negated=True),
                        fields=("compound", "code_index"),
                        name="parcel_code_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("secret_digest", ""), _negated=True),
                        fields=("secret_digest",),
                        name="parcel_secret_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "registered"), _negated=True),
                            models.Q(("state__in", ["collected", "delivered"]), _negated=True),
                            models.Q(("signed_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="parcel_registered_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "registered"), _negated=True),
                            ("compartment", None),
                            _connector="OR",
                        ),
                        name="parcel_registered_no_locker",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("carrier", "waybill"),
                        name="parcel_waybill_live_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ParcelPicture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("courier", "By the courier"),
                            ("report", "With the report"),
                            ("signature", "Signature"),
                        ],
                        max_length=9,
                        verbose_name="what",
                    ),
                ),
                ("file", models.CharField(editable=False, max_length=120, unique=True)),
                ("seal", community.fields.EncryptedTextField(editable=False)),
                ("taken_at", models.DateTimeField(verbose_name="when")),
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
                    "parcel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to="parcels.parcel",
                        verbose_name="parcel",
                    ),
                ),
            ],
            options={
                "verbose_name": "picture of a parcel",
                "verbose_name_plural": "pictures of parcels",
                "ordering": ["id"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ParcelReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("wrong", "Not mine"),
                            ("damaged", "Damaged"),
                            ("missing", "It was not there"),
                        ],
                        max_length=8,
                        verbose_name="what is wrong",
                    ),
                ),
                ("text", community.fields.EncryptedTextField(blank=True, verbose_name="in words")),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="answer")),
                ("made_at", models.DateTimeField(verbose_name="reported")),
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
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
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
                    "parcel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="parcels.parcel",
                        verbose_name="parcel",
                    ),
                ),
            ],
            options={
                "verbose_name": "report on a parcel",
                "verbose_name_plural": "reports on parcels",
                "ordering": ["-id"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None)),
                        fields=("parcel",),
                        name="parcel_report_open_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ParcelStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=24, verbose_name="what happened")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "compartment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="parcels.compartment",
                        verbose_name="compartment",
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
                    "parcel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="parcels.parcel",
                        verbose_name="parcel",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a parcel",
                "verbose_name_plural": "steps of parcels",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["compartment", "-at"], name="parcel_step_by_place")
                ],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ProxyCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="who fetches it")),
                ("code", community.fields.EncryptedTextField(editable=False)),
                ("code_index", models.CharField(editable=False, max_length=80)),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="used")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
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
                    "parcel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proxies",
                        to="parcels.parcel",
                        verbose_name="parcel",
                    ),
                ),
            ],
            options={
                "verbose_name": "code for somebody else",
                "verbose_name_plural": "codes for somebody else",
                "ordering": ["-id"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("used_at", None)),
                        fields=("compound", "code_index"),
                        name="proxy_code_once",
                    )
                ],
            },
        ),
    ]
