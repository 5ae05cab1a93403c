"""The first migrations in one step, for a new installation: one that has begun keeps to the many."""

import datetime as dt

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import community.fields
from community.tables import CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("parcels", "0001_initial"),
        ("parcels", "0002_parcels_and_couriers"),
        ("parcels", "0003_words"),
        ("parcels", "0004_live_by_end"),
        ("parcels", "0005_gate_and_questions"),
        ("parcels", "0006_drawn_banks"),
    ]

    initial = True

    dependencies = [
        ("community", "0001_squashed_0018_retention_of_parking_money"),
        ("residents", "0001_squashed_0018_passes_of_couriers"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Carrier",
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
                        ("name", models.CharField(max_length=40, verbose_name="name")),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                    ],
                    options={
                        "verbose_name": "carrier",
                        "verbose_name_plural": "carriers",
                        "ordering": ["compound", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "name"), name="carrier_name_once"
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
                            "carrier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="couriers",
                                to="parcels.carrier",
                                verbose_name="carrier",
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
                        (
                            "misses_since",
                            models.DateTimeField(blank=True, editable=False, null=True),
                        ),
                        (
                            "locked_until",
                            models.DateTimeField(blank=True, null=True, verbose_name="waits until"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
                        ),
                    ],
                    options={
                        "verbose_name": "courier",
                        "verbose_name_plural": "couriers",
                        "ordering": ["compound", "carrier", "name"],
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
                    name="CourierCode",
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
                            "courier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="codes",
                                to="parcels.courier",
                                verbose_name="courier",
                            ),
                        ),
                        ("digest", models.CharField(editable=False, max_length=80)),
                        ("made_at", models.DateTimeField(verbose_name="made")),
                        ("expires_at", models.DateTimeField(verbose_name="expires")),
                        (
                            "tries",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="wrong guesses"
                            ),
                        ),
                        (
                            "used_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="used"),
                        ),
                    ],
                    options={
                        "verbose_name": "courier's code",
                        "verbose_name_plural": "couriers' codes",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="DeliveryChoice",
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
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="delivery_choices",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
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
                            models.CharField(
                                blank=True, max_length=32, verbose_name="neighbour's home"
                            ),
                        ),
                        (
                            "on_behalf",
                            models.BooleanField(
                                default=False, verbose_name="at the desk, on behalf"
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
                        ("made_at", models.DateTimeField(verbose_name="chosen")),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
                        ),
                    ],
                    options={
                        "verbose_name": "delivery choice",
                        "verbose_name_plural": "delivery choices",
                        "ordering": ["-id"],
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
                    name="LockerBank",
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
                                related_name="locker_banks",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="name")),
                        (
                            "place",
                            models.CharField(blank=True, max_length=80, verbose_name="place"),
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
                            "rows",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Numbered downwards, column by column from the left: the screen draws it.",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(40),
                                ],
                                verbose_name="compartments above one another",
                            ),
                        ),
                        (
                            "small_cm",
                            models.CharField(
                                blank=True,
                                help_text="Width × depth × height in centimetres, such as 35 × 45 × 10.",
                                max_length=16,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "\\A[1-9]\\d{0,2} ?[×xX*] ?[1-9]\\d{0,2} ?[×xX*] ?[1-9]\\d{0,2}\\Z",
                                        "Type three numbers of centimetres, such as 35 × 45 × 10.",
                                    )
                                ],
                                verbose_name="small, inside",
                            ),
                        ),
                        (
                            "medium_cm",
                            models.CharField(
                                blank=True,
                                max_length=16,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "\\A[1-9]\\d{0,2} ?[×xX*] ?[1-9]\\d{0,2} ?[×xX*] ?[1-9]\\d{0,2}\\Z",
                                        "Type three numbers of centimetres, such as 35 × 45 × 10.",
                                    )
                                ],
                                verbose_name="medium, inside",
                            ),
                        ),
                        (
                            "large_cm",
                            models.CharField(
                                blank=True,
                                max_length=16,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "\\A[1-9]\\d{0,2} ?[×xX*] ?[1-9]\\d{0,2} ?[×xX*] ?[1-9]\\d{0,2}\\Z",
                                        "Type three numbers of centimetres, such as 35 × 45 × 10.",
                                    )
                                ],
                                verbose_name="large, inside",
                            ),
                        ),
                        ("tablet", community.fields.EncryptedTextField(blank=True, editable=False)),
                        (
                            "tablet_digest",
                            models.CharField(blank=True, editable=False, max_length=64),
                        ),
                        ("wrong", models.PositiveSmallIntegerField(default=0, editable=False)),
                        (
                            "wrong_since",
                            models.DateTimeField(blank=True, editable=False, null=True),
                        ),
                        (
                            "locked_until",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="takes no codes until"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "locker bank",
                        "verbose_name_plural": "locker banks",
                        "ordering": ["compound", "name"],
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
                    name="Compartment",
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
                            "bank",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="compartments",
                                to="parcels.lockerbank",
                                verbose_name="locker bank",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                        (
                            "size",
                            models.CharField(
                                choices=[
                                    ("small", "Small"),
                                    ("medium", "Medium"),
                                    ("large", "Large"),
                                ],
                                max_length=6,
                                verbose_name="size",
                            ),
                        ),
                        (
                            "is_faulty",
                            models.BooleanField(default=False, verbose_name="out of order"),
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
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("bank", "number"), name="compartment_number_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Shelf",
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
                        ("name", models.CharField(max_length=40, verbose_name="name")),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                    ],
                    options={
                        "verbose_name": "shelf",
                        "verbose_name_plural": "shelves",
                        "ordering": ["compound", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "name"), name="shelf_name_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Parcel",
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
                            "carrier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parcels",
                                to="parcels.carrier",
                                verbose_name="carrier",
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
                        (
                            "bring_home",
                            models.BooleanField(default=False, verbose_name="to be brought home"),
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
                        ("seen_open", models.BooleanField(default=False, editable=False)),
                        (
                            "by_proxy",
                            models.BooleanField(
                                default=False, verbose_name="fetched by somebody else"
                            ),
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
                        (
                            "secret_digest",
                            models.CharField(blank=True, editable=False, max_length=64),
                        ),
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
                            models.BooleanField(
                                default=False, verbose_name="asked for a later day"
                            ),
                        ),
                        (
                            "signed_by",
                            models.CharField(blank=True, max_length=80, verbose_name="signed by"),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="came")),
                        ("moved_at", models.DateTimeField(verbose_name="since")),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
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
                            models.Index(fields=["ended_at"], name="parcel_by_end"),
                            models.Index(
                                fields=["courier", "created_at"], name="parcel_by_courier"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("compartment__isnull", False)),
                                fields=("compartment",),
                                name="parcel_one_per_compartment",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("carrier", "waybill"),
                                name="parcel_waybill_live_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("compartment__isnull", False),
                                        ("shelf", None),
                                        ("state__in", ("opening", "stored", "taking")),
                                    ),
                                    models.Q(
                                        ("compartment", None),
                                        ("shelf__isnull", False),
                                        ("state", "desk"),
                                    ),
                                    models.Q(
                                        ("compartment", None),
                                        ("shelf", None),
                                        (
                                            "state__in",
                                            ("collected", "delivered", "returned", "undone"),
                                        ),
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
                                        (
                                            "state__in",
                                            ("collected", "delivered", "returned", "undone"),
                                        ),
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
                                    models.Q(
                                        ("state__in", ["collected", "delivered"]), _negated=True
                                    ),
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
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ParcelStep",
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
                            "parcel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="parcels.parcel",
                                verbose_name="parcel",
                            ),
                        ),
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
                        ("what", models.CharField(max_length=24, verbose_name="what happened")),
                        ("at", models.DateTimeField(verbose_name="when")),
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
                    },
                ),
                migrations.CreateModel(
                    name="ProxyCode",
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
                            "parcel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="proxies",
                                to="parcels.parcel",
                                verbose_name="parcel",
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="who fetches it")),
                        ("code", community.fields.EncryptedTextField(editable=False)),
                        ("code_index", models.CharField(editable=False, max_length=80)),
                        ("expires_at", models.DateTimeField(verbose_name="expires")),
                        (
                            "used_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="used"),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                    ],
                    options={
                        "verbose_name": "code for somebody else",
                        "verbose_name_plural": "codes for somebody else",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None), ("used_at", None)),
                                fields=("compound", "code_index"),
                                name="proxy_code_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KeepingRule",
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
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
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
                            models.PositiveSmallIntegerField(
                                default=7, verbose_name="days at the desk"
                            ),
                        ),
                        (
                            "couriers_from",
                            models.TimeField(
                                default=dt.time(7, 0), verbose_name="couriers are let in from"
                            ),
                        ),
                        (
                            "couriers_until",
                            models.TimeField(
                                default=dt.time(22, 0), verbose_name="couriers are let in until"
                            ),
                        ),
                        (
                            "courier_entries",
                            models.PositiveSmallIntegerField(
                                default=12, verbose_name="times a courier may enter in a day"
                            ),
                        ),
                        (
                            "answer_minutes",
                            models.PositiveSmallIntegerField(
                                default=10, verbose_name="minutes to answer a courier's question"
                            ),
                        ),
                        (
                            "unanswered",
                            models.CharField(
                                choices=[
                                    ("desk", "To the desk"),
                                    ("another_day", "The courier comes on another day"),
                                ],
                                default="desk",
                                max_length=11,
                                verbose_name="without an answer",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(max_length=200, verbose_name="source of the rule"),
                        ),
                    ],
                    options={
                        "verbose_name": "rule for keeping parcels",
                        "verbose_name_plural": "rules for keeping parcels",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ask_hours__gte", 1),
                                    ("desk_days__gte", 1),
                                    ("keep_hours__gte", 1),
                                ),
                                name="keeping_positive",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("remind_hours__lt", models.F("keep_hours"))),
                                name="keeping_reminds_before",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("couriers_from__lt", models.F("couriers_until"))
                                ),
                                name="keeping_gate_hours",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("courier_entries__gte", 1),
                                    ("courier_entries__lte", 200),
                                    ("answer_minutes__gte", 1),
                                    ("answer_minutes__lte", 240),
                                ),
                                name="keeping_gate_counts",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ParcelQuestion",
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
                            "carrier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="parcels.carrier",
                                verbose_name="carrier",
                            ),
                        ),
                        (
                            "courier",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="questions",
                                to="parcels.courier",
                                verbose_name="courier",
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
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="parcel_questions",
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
                            "parcel",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="questions",
                                to="parcels.parcel",
                                verbose_name="parcel",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked")),
                        ("until", models.DateTimeField(verbose_name="answer until")),
                        (
                            "way",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("locker", "Locker"),
                                    ("desk", "Leave it at the desk"),
                                    ("door", "At my door"),
                                    ("neighbour", "With a neighbour"),
                                    ("ask", "Ask me each time"),
                                ],
                                max_length=9,
                                verbose_name="answer",
                            ),
                        ),
                        (
                            "neighbour",
                            models.CharField(
                                blank=True, max_length=32, verbose_name="neighbour's home"
                            ),
                        ),
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
                            "settled",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("locker", "Put into the locker"),
                                    ("desk", "Left at the desk"),
                                    ("door", "Brought to the door"),
                                    ("neighbour", "Given to the neighbour"),
                                    ("gone", "Taken along again"),
                                ],
                                max_length=9,
                                verbose_name="what was done",
                            ),
                        ),
                        (
                            "settled_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="done"),
                        ),
                    ],
                    options={
                        "verbose_name": "courier's question",
                        "verbose_name_plural": "couriers' questions",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["person", "-id"], name="question_of_person"),
                            models.Index(fields=["courier", "-id"], name="question_of_courier"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("settled_at", None)),
                                fields=("carrier", "waybill"),
                                name="question_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at", None), ("way", "")),
                                    models.Q(
                                        ("answered_at__isnull", False),
                                        ("way__in", ["locker", "desk", "door", "neighbour"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="question_answer_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("settled", ""), ("settled_at", None)),
                                    models.Q(
                                        ("settled_at__isnull", False),
                                        models.Q(("settled", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="question_settled_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("way", "neighbour"), _negated=True),
                                    models.Q(("neighbour", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="question_names_neighbour",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ParcelReport",
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
                            "parcel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reports",
                                to="parcels.parcel",
                                verbose_name="parcel",
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
                        (
                            "text",
                            community.fields.EncryptedTextField(
                                blank=True, verbose_name="in words"
                            ),
                        ),
                        (
                            "answer",
                            models.CharField(blank=True, max_length=200, verbose_name="answer"),
                        ),
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
                    ],
                    options={
                        "verbose_name": "report on a parcel",
                        "verbose_name_plural": "reports on parcels",
                        "ordering": ["-id"],
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
                    name="ParcelPicture",
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
                            "parcel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pictures",
                                to="parcels.parcel",
                                verbose_name="parcel",
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
                    ],
                    options={
                        "verbose_name": "picture of a parcel",
                        "verbose_name_plural": "pictures of parcels",
                        "ordering": ["id"],
                    },
                ),
            ]
        ),
    ]
