"""The first migrations in one step, for a new installation: one that has begun keeps to the many."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import community.fields
import community.models.places
from community.tables import CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("parking", "0001_initial"),
        ("parking", "0002_names"),
        ("parking", "0003_places_and_permits"),
        ("parking", "0004_tariffs_and_payments"),
        ("parking", "0005_cars_of_people"),
        ("parking", "0006_family_places_and_corners"),
        ("parking", "0007_invariants"),
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
                    name="Area",
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
                                related_name="areas",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="name")),
                        (
                            "level",
                            models.CharField(blank=True, max_length=10, verbose_name="level"),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="inner",
                                to="parking.area",
                                verbose_name="lies inside",
                            ),
                        ),
                        (
                            "whole",
                            models.BooleanField(
                                default=False,
                                help_text="Counts every car behind the outer gates.",
                                verbose_name="the whole compound",
                            ),
                        ),
                        ("capacity", models.PositiveIntegerField(verbose_name="places")),
                        (
                            "visitors",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Leave empty if visitors may take any free place.",
                                null=True,
                                verbose_name="of these for visitors",
                            ),
                        ),
                        (
                            "when_full",
                            models.CharField(
                                choices=[
                                    ("wait", "Visitors wait until a place is free"),
                                    ("refuse", "Visitors are sent away"),
                                    ("open", "Visitors may still come in"),
                                ],
                                default="wait",
                                max_length=6,
                                verbose_name="when full",
                            ),
                        ),
                        (
                            "order",
                            models.PositiveSmallIntegerField(default=0, verbose_name="order"),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                    ],
                    options={
                        "verbose_name": "parking area",
                        "verbose_name_plural": "parking areas",
                        "ordering": ["compound", "order", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "name"), name="area_name_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("whole", True)),
                                fields=("compound",),
                                name="area_whole_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("visitors", None),
                                    ("visitors__lte", models.F("capacity")),
                                    _connector="OR",
                                ),
                                name="area_visitors_fit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("whole", False), ("parent", None), _connector="OR"
                                ),
                                name="area_whole_is_outermost",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AreaLane",
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
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="area_lane",
                                to="community.lane",
                                verbose_name="lane",
                            ),
                        ),
                        (
                            "inner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lanes",
                                to="parking.area",
                                verbose_name="leads into",
                            ),
                        ),
                        (
                            "outer",
                            models.ForeignKey(
                                blank=True,
                                help_text="Leave empty for the roads of the compound, or the street.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lanes_inward",
                                to="parking.area",
                                verbose_name="comes from",
                            ),
                        ),
                        (
                            "from_street",
                            models.BooleanField(
                                default=False,
                                help_text="A garage whose ramp lies outside the outer gates.",
                                verbose_name="from the street",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "lane of a parking area",
                        "verbose_name_plural": "lanes of parking areas",
                        "ordering": ["compound", "lane"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("outer", None),
                                    models.Q(("outer", models.F("inner")), _negated=True),
                                    _connector="OR",
                                ),
                                name="area_lane_leads_elsewhere",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("from_street", False), ("outer", None), _connector="OR"
                                ),
                                name="area_lane_from_one_side",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Place",
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
                                related_name="places",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="places",
                                to="parking.area",
                                verbose_name="parking area",
                            ),
                        ),
                        ("number", models.CharField(max_length=12, verbose_name="number")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("owned", "Owned"),
                                    ("rented", "Rented out"),
                                    ("common", "Common"),
                                    ("disabled", "For disabled people"),
                                    ("charging", "Charging"),
                                ],
                                default="common",
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                    ],
                    options={
                        "verbose_name": "parking place",
                        "verbose_name_plural": "parking places",
                        "ordering": ["compound", "area", "number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("area", "number"), name="place_number_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Holding",
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
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="holdings",
                                to="parking.place",
                                verbose_name="parking place",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parking_holdings",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        (
                            "holder",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="parking_holdings",
                                to="residents.person",
                                verbose_name="holder",
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="first day")),
                        (
                            "valid_until",
                            models.DateField(blank=True, null=True, verbose_name="last day"),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
                        ),
                    ],
                    options={
                        "verbose_name": "holder of a parking place",
                        "verbose_name_plural": "holders of parking places",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("place",),
                                name="place_held_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until", None),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="holding_valid_range",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Pool",
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
                                related_name="pools",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parking_pools",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        (
                            "places",
                            models.PositiveSmallIntegerField(default=1, verbose_name="places"),
                        ),
                        (
                            "most_cars",
                            models.PositiveSmallIntegerField(
                                default=2, verbose_name="cars at most"
                            ),
                        ),
                        (
                            "when_taken",
                            models.CharField(
                                choices=[
                                    ("visitor", "Parks at the visitors' rate"),
                                    ("wait", "Waits until another car of the home has left"),
                                    ("refuse", "Is not let in"),
                                ],
                                default="visitor",
                                max_length=7,
                                verbose_name="the next car",
                            ),
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
                        "verbose_name": "home's places",
                        "verbose_name_plural": "homes' places",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("unit",),
                                name="pool_of_home_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("most_cars__gte", models.F("places")), ("places__gte", 1)
                                ),
                                name="pool_has_places",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Vehicle",
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
                                related_name="vehicles",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("plate", models.CharField(max_length=10, verbose_name="plate")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("blue", "Blue plate"),
                                    ("yellow", "Yellow plate"),
                                    ("green", "Green plate"),
                                    ("green_large", "Green and yellow plate"),
                                    ("white", "White plate"),
                                    ("black", "Black plate"),
                                    ("unknown", "Kind not known"),
                                ],
                                default="unknown",
                                max_length=12,
                                verbose_name="plate kind",
                            ),
                        ),
                        (
                            "colour",
                            models.CharField(blank=True, max_length=20, verbose_name="car colour"),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="vehicles",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="vehicles",
                                to="residents.person",
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "pool",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="cars",
                                to="parking.pool",
                                verbose_name="home's places",
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="first day")),
                        (
                            "valid_until",
                            models.DateField(blank=True, null=True, verbose_name="last day"),
                        ),
                        (
                            "barred_reason",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="barred because"
                            ),
                        ),
                        (
                            "barred_until",
                            models.DateField(blank=True, null=True, verbose_name="barred until"),
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
                        "verbose_name": "vehicle",
                        "verbose_name_plural": "vehicles",
                        "ordering": ["compound", "plate"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("compound", "plate"),
                                name="vehicle_plate_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until", None),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="vehicle_valid_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("plate", ""), _negated=True),
                                name="vehicle_has_plate",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Permit",
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
                                related_name="permits",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("owner", "Owner"),
                                    ("monthly", "Monthly"),
                                    ("staff", "Staff"),
                                    ("contractor", "Contractor"),
                                    ("free", "Free of charge"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "vehicle",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="permits",
                                to="parking.vehicle",
                                verbose_name="vehicle",
                            ),
                        ),
                        (
                            "pool",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="permits",
                                to="parking.pool",
                                verbose_name="home's places",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="permits",
                                to="parking.place",
                                verbose_name="parking place",
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="first day")),
                        (
                            "valid_until",
                            models.DateField(blank=True, null=True, verbose_name="last day"),
                        ),
                        ("note", models.CharField(blank=True, max_length=120, verbose_name="note")),
                        (
                            "renewed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="renewed"),
                        ),
                        ("reminded_for", models.DateField(blank=True, editable=False, null=True)),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                        (
                            "areas",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Leave empty for all.",
                                related_name="permits",
                                to="parking.area",
                                verbose_name="parking areas",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "parking permit",
                        "verbose_name_plural": "parking permits",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at", None)),
                                fields=["compound", "valid_until"],
                                name="permit_by_last_day",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("pool", None), ("vehicle__isnull", False)),
                                    models.Q(("pool__isnull", False), ("vehicle", None)),
                                    _connector="OR",
                                ),
                                name="permit_of_car_or_pool",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until", None),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="permit_valid_range",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ListEntry",
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
                                related_name="plate_lists",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("plate", models.CharField(max_length=10, verbose_name="plate")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("allow", "Let this car in"),
                                    ("free", "Let this car in, free of charge"),
                                    ("deny", "Keep this car out"),
                                ],
                                max_length=5,
                                verbose_name="list",
                            ),
                        ),
                        ("reason", models.CharField(max_length=120, verbose_name="reason")),
                        ("valid_from", models.DateField(verbose_name="first day")),
                        (
                            "valid_until",
                            models.DateField(blank=True, null=True, verbose_name="last day"),
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
                        "verbose_name": "listed plate",
                        "verbose_name_plural": "listed plates",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("compound", "plate"),
                                name="plate_listed_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("plate", ""), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                ),
                                name="listed_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until", None),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="listed_valid_range",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Ticket",
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
                                related_name="parking_tickets",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("number", models.CharField(max_length=12, verbose_name="number")),
                        ("secret", community.fields.EncryptedTextField(editable=False)),
                        (
                            "secret_digest",
                            models.CharField(editable=False, max_length=64, unique=True),
                        ),
                        (
                            "note",
                            models.CharField(
                                blank=True, max_length=60, verbose_name="what the car looks like"
                            ),
                        ),
                        ("made_at", models.DateTimeField(verbose_name="made")),
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
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
                        ),
                    ],
                    options={
                        "verbose_name": "parking ticket",
                        "verbose_name_plural": "parking tickets",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "number"), name="ticket_number_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Bicycle",
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
                                related_name="bicycles",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("tag", models.CharField(max_length=32, verbose_name="tag")),
                        (
                            "plate",
                            models.CharField(
                                blank=True, max_length=12, verbose_name="bicycle's plate"
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bicycles",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="bicycles",
                                to="residents.person",
                                verbose_name="owner",
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="first day")),
                        (
                            "valid_until",
                            models.DateField(blank=True, null=True, verbose_name="last day"),
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
                        "verbose_name": "electric bicycle",
                        "verbose_name_plural": "electric bicycles",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("compound", "tag"),
                                name="bicycle_tag_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("tag", ""), _negated=True),
                                name="bicycle_has_tag",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Hold",
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
                            "area",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="holds",
                                to="parking.area",
                                verbose_name="parking area",
                            ),
                        ),
                        (
                            "pool",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="holds",
                                to="parking.pool",
                                verbose_name="home's places",
                            ),
                        ),
                        ("plate", models.CharField(max_length=10, verbose_name="plate")),
                        ("until", models.DateTimeField(verbose_name="kept until")),
                    ],
                    options={
                        "verbose_name": "place kept for a car",
                        "verbose_name_plural": "places kept for cars",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("pool", None)),
                                fields=("area", "plate"),
                                name="hold_in_area_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("area", None)),
                                fields=("pool", "plate"),
                                name="hold_in_pool_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("area__isnull", False), ("pool", None)),
                                    models.Q(("area", None), ("pool__isnull", False)),
                                    _connector="OR",
                                ),
                                name="hold_of_area_or_pool",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Stay",
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
                                related_name="stays",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stays",
                                to="parking.area",
                                verbose_name="parking area",
                            ),
                        ),
                        (
                            "plate",
                            models.CharField(blank=True, max_length=10, verbose_name="plate"),
                        ),
                        (
                            "plate_kind",
                            models.CharField(
                                choices=[
                                    ("blue", "Blue plate"),
                                    ("yellow", "Yellow plate"),
                                    ("green", "Green plate"),
                                    ("green_large", "Green and yellow plate"),
                                    ("white", "White plate"),
                                    ("black", "Black plate"),
                                    ("unknown", "Kind not known"),
                                ],
                                default="unknown",
                                max_length=12,
                                verbose_name="plate kind",
                            ),
                        ),
                        (
                            "colour",
                            models.CharField(blank=True, max_length=20, verbose_name="car colour"),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stays",
                                to="parking.ticket",
                                verbose_name="parking ticket",
                            ),
                        ),
                        (
                            "bicycle",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stays",
                                to="parking.bicycle",
                                verbose_name="electric bicycle",
                            ),
                        ),
                        (
                            "vehicle",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="stays",
                                to="parking.vehicle",
                                verbose_name="vehicle",
                            ),
                        ),
                        (
                            "permit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="stays",
                                to="parking.permit",
                                verbose_name="parking permit",
                            ),
                        ),
                        (
                            "parked_as",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not known"),
                                    ("permit", "By its permit"),
                                    ("pool", "On a place of its home"),
                                    ("resident", "Registered, without a permit"),
                                    ("visitor", "Visitor"),
                                    ("free", "Free of charge"),
                                ],
                                default="",
                                max_length=8,
                                verbose_name="parked as",
                            ),
                        ),
                        (
                            "permit_from",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="by its permit since"
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="parking_stays",
                                to="residents.visit",
                                verbose_name="visit",
                            ),
                        ),
                        (
                            "entered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="in"),
                        ),
                        (
                            "left_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="out"),
                        ),
                        (
                            "entry_passage",
                            models.BigIntegerField(
                                blank=True, null=True, verbose_name="entry passage"
                            ),
                        ),
                        (
                            "exit_passage",
                            models.BigIntegerField(
                                blank=True, null=True, verbose_name="exit passage"
                            ),
                        ),
                        (
                            "assumed",
                            models.BooleanField(
                                default=False, verbose_name="a crossing was assumed"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "stay",
                        "verbose_name_plural": "stays",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                fields=["compound", "plate", "-entered_at"], name="stay_by_plate"
                            ),
                            models.Index(
                                condition=models.Q(("left_at", None)),
                                fields=["compound", "area", "parked_as"],
                                name="stay_inside",
                            ),
                            models.Index(fields=["compound", "left_at"], name="stay_by_end"),
                            models.Index(fields=["compound", "entered_at"], name="stay_by_begin"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("left_at", None),
                                    ("area", None),
                                    models.Q(("plate", ""), _negated=True),
                                ),
                                fields=("compound", "plate"),
                                name="stay_open_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("left_at", None),
                                    ("area__isnull", False),
                                    models.Q(("plate", ""), _negated=True),
                                ),
                                fields=("area", "plate"),
                                name="stay_open_once_in_area",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("left_at", None), ("area", None), ("ticket__isnull", False)
                                ),
                                fields=("ticket",),
                                name="stay_open_once_by_ticket",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("left_at", None),
                                    ("area__isnull", False),
                                    ("ticket__isnull", False),
                                ),
                                fields=("area", "ticket"),
                                name="stay_open_once_ticket_area",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("left_at", None), ("area", None), ("bicycle__isnull", False)
                                ),
                                fields=("bicycle",),
                                name="stay_open_once_by_tag",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("left_at", None),
                                    ("area__isnull", False),
                                    ("bicycle__isnull", False),
                                ),
                                fields=("area", "bicycle"),
                                name="stay_open_once_tag_area",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("area", None)),
                                fields=("entry_passage",),
                                name="stay_entry_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("area__isnull", False)),
                                fields=("entry_passage", "area"),
                                name="stay_entry_once_in_area",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("area", None)),
                                fields=("exit_passage",),
                                name="stay_exit_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("area__isnull", False)),
                                fields=("exit_passage", "area"),
                                name="stay_exit_once_in_area",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("entered_at__isnull", False),
                                    ("left_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="stay_has_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("plate", ""), _negated=True),
                                    ("ticket__isnull", False),
                                    ("bicycle__isnull", False),
                                    _connector="OR",
                                ),
                                name="stay_of_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("entered_at", None),
                                    ("left_at", None),
                                    ("left_at__gte", models.F("entered_at")),
                                    _connector="OR",
                                ),
                                name="stay_ends_after_it_began",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StayChange",
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
                            "stay",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="changes",
                                to="parking.stay",
                                verbose_name="stay",
                            ),
                        ),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("times", "Times put right"),
                                    ("plate", "Plate put right"),
                                    ("right", "Parked by another right"),
                                    ("matched", "Exit matched to this stay"),
                                    ("taken_back", "Crossing taken back"),
                                    ("repaired", "Missed crossing put in by rule"),
                                    ("moved_up", "A place of its home became free"),
                                ],
                                max_length=10,
                                verbose_name="what",
                            ),
                        ),
                        ("before", models.JSONField(default=dict, verbose_name="before")),
                        ("after", models.JSONField(default=dict, verbose_name="after")),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=120, verbose_name="reason"),
                        ),
                        ("at", models.DateTimeField(verbose_name="when")),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "correction of a stay",
                        "verbose_name_plural": "corrections of stays",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentAccount",
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
                                related_name="payment_accounts",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("driver", models.CharField(max_length=40, verbose_name="provider")),
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
                        ("secret", models.CharField(editable=False, max_length=40, unique=True)),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "trouble",
                            models.CharField(
                                blank=True, max_length=64, verbose_name="what is wrong"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "payment account",
                        "verbose_name_plural": "payment accounts",
                        "ordering": ["compound", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_active", True)),
                                fields=("compound",),
                                name="payment_account_one",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CashShift",
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
                                related_name="cash_shifts",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "cashier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cash_shifts",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="cashier",
                            ),
                        ),
                        ("opened_at", models.DateTimeField(verbose_name="begun")),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="closed"),
                        ),
                        (
                            "expected_fen",
                            models.IntegerField(
                                blank=True, null=True, verbose_name="should be there"
                            ),
                        ),
                        (
                            "counted_fen",
                            models.IntegerField(blank=True, null=True, verbose_name="counted"),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                    ],
                    options={
                        "verbose_name": "cash shift",
                        "verbose_name_plural": "cash shifts",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at", None)),
                                fields=("compound", "cashier"),
                                name="cash_shift_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at", None), ("counted_fen", None)),
                                    models.Q(
                                        ("closed_at__gte", models.F("opened_at")),
                                        ("counted_fen__gte", 0),
                                        ("expected_fen__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="cash_shift_closed_and_counted",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Payment",
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
                                related_name="payments",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "stay",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="parking.stay",
                                verbose_name="stay",
                            ),
                        ),
                        (
                            "number",
                            models.CharField(max_length=32, unique=True, verbose_name="number"),
                        ),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("code", "QR code at the lane"),
                                    ("phone", "On the phone"),
                                    ("cash", "Cash"),
                                ],
                                max_length=6,
                                verbose_name="way",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("paid", "Paid"),
                                    ("closed", "Closed"),
                                    ("failed", "Failed"),
                                ],
                                default="waiting",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("amount_fen", models.PositiveIntegerField(verbose_name="amount")),
                        (
                            "refunded_fen",
                            models.PositiveIntegerField(default=0, verbose_name="given back"),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="parking.paymentaccount",
                                verbose_name="payment account",
                            ),
                        ),
                        (
                            "provider_number",
                            models.CharField(
                                blank=True, max_length=64, verbose_name="provider's number"
                            ),
                        ),
                        ("link", models.CharField(blank=True, editable=False, max_length=512)),
                        ("priced_until", models.DateTimeField(verbose_name="priced until")),
                        ("created_at", models.DateTimeField(verbose_name="asked")),
                        (
                            "expires_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="may be paid until"
                            ),
                        ),
                        (
                            "paid_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="paid at"),
                        ),
                        (
                            "shift",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="parking.cashshift",
                                verbose_name="cash shift",
                            ),
                        ),
                        (
                            "taken_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="taken by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "payment",
                        "verbose_name_plural": "payments",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["compound", "paid_at"], name="payment_by_moment")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "waiting")),
                                fields=("stay",),
                                name="payment_waits_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("provider_number", ""), _negated=True),
                                fields=("account", "provider_number"),
                                name="payment_provider_number_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount_fen__gt", 0)),
                                name="payment_of_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "paid"), _negated=True),
                                    ("paid_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="payment_paid_has_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("refunded_fen__lte", models.F("amount_fen"))),
                                name="payment_refund_fits",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("refunded_fen", 0), ("state", "paid"), _connector="OR"
                                ),
                                name="payment_refund_of_paid",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("account", None), ("shift__isnull", False), ("way", "cash")
                                    ),
                                    models.Q(
                                        models.Q(("way", "cash"), _negated=True),
                                        ("account__isnull", False),
                                        ("shift", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="payment_in_cash_or_by_account",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentNotice",
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
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notices",
                                to="parking.paymentaccount",
                                verbose_name="payment account",
                            ),
                        ),
                        ("key", models.CharField(max_length=80, verbose_name="notice")),
                        (
                            "payment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notices",
                                to="parking.payment",
                                verbose_name="payment",
                            ),
                        ),
                        (
                            "told_number",
                            models.CharField(blank=True, max_length=64, verbose_name="told of"),
                        ),
                        ("told_fen", models.IntegerField(default=0, verbose_name="told amount")),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("applied", "Booked"),
                                    ("repeated", "Known already"),
                                    ("late", "Booked, though the order was closed"),
                                    ("wrong_amount", "Another amount: not booked"),
                                    ("unknown", "No such payment here"),
                                    ("other_number", "Paid already under another number"),
                                    ("not_paid", "Says that it was not paid"),
                                    ("overtaken", "Older than what is known"),
                                ],
                                max_length=12,
                                verbose_name="what came of it",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="when")),
                    ],
                    options={
                        "verbose_name": "provider's notice",
                        "verbose_name_plural": "providers' notices",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("account", "key"), name="payment_notice_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Refund",
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
                            "payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refunds",
                                to="parking.payment",
                                verbose_name="payment",
                            ),
                        ),
                        (
                            "number",
                            models.CharField(max_length=32, unique=True, verbose_name="number"),
                        ),
                        ("amount_fen", models.PositiveIntegerField(verbose_name="amount")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("sending", "Under way"),
                                    ("done", "Given back"),
                                    ("failed", "Refused"),
                                    ("unknown", "Not known"),
                                ],
                                default="sending",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("reason", models.CharField(max_length=80, verbose_name="reason")),
                        (
                            "code",
                            models.CharField(
                                blank=True, max_length=64, verbose_name="what happened"
                            ),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="asked")),
                        (
                            "done_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="given back at"
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "shift",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refunds",
                                to="parking.cashshift",
                                verbose_name="cash shift",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "refund",
                        "verbose_name_plural": "refunds",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount_fen__gt", 0)),
                                name="refund_of_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "done"), _negated=True),
                                    ("done_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="refund_done_has_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Receipt",
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
                                related_name="receipts",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "payment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipt",
                                to="parking.payment",
                                verbose_name="payment",
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                        ("serial", models.PositiveIntegerField(verbose_name="number")),
                        ("secret", models.CharField(editable=False, max_length=40, unique=True)),
                        (
                            "title",
                            models.CharField(blank=True, max_length=80, verbose_name="made out to"),
                        ),
                        ("issued_at", models.DateTimeField(verbose_name="issued")),
                    ],
                    options={
                        "verbose_name": "receipt",
                        "verbose_name_plural": "receipts",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "year", "serial"),
                                name="parking_receipt_number_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reconciliation",
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
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reconciliations",
                                to="parking.paymentaccount",
                                verbose_name="payment account",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="day")),
                        ("compared_at", models.DateTimeField(verbose_name="compared")),
                        ("ours_count", models.PositiveIntegerField(default=0, verbose_name="ours")),
                        ("ours_fen", models.IntegerField(default=0, verbose_name="our sum")),
                        (
                            "theirs_count",
                            models.PositiveIntegerField(default=0, verbose_name="theirs"),
                        ),
                        ("theirs_fen", models.IntegerField(default=0, verbose_name="their sum")),
                        ("differences", models.JSONField(default=list, verbose_name="differences")),
                    ],
                    options={
                        "verbose_name": "reconciliation",
                        "verbose_name_plural": "reconciliations",
                        "ordering": ["-day", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("account", "day"), name="reconciliation_once_a_day"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Tariff",
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
                                related_name="tariffs",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("starts_on", models.DateField(verbose_name="in force from")),
                        ("rules", models.JSONField(verbose_name="rules")),
                        (
                            "source",
                            models.CharField(
                                blank=True,
                                help_text="Such as the owners' meeting and its day.",
                                max_length=120,
                                verbose_name="decided by",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                        (
                            "switched_on_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="switched on"),
                        ),
                        (
                            "switched_on_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="switched on by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tariff",
                        "verbose_name_plural": "tariffs",
                        "ordering": ["-starts_on", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("switched_on_at__isnull", False)),
                                fields=("compound", "starts_on"),
                                name="tariff_one_a_day",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Coupon",
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
                                related_name="coupons",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("code", models.CharField(max_length=20, verbose_name="code")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("minutes", "Minutes free"),
                                    ("off", "Fen off"),
                                    ("percent", "Percent off"),
                                    ("whole", "The whole stay"),
                                ],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "value",
                            models.PositiveIntegerField(
                                default=0, verbose_name="minutes, fen or percent"
                            ),
                        ),
                        ("giver", models.CharField(max_length=60, verbose_name="given by")),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="coupons",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        (
                            "plate",
                            models.CharField(
                                blank=True, max_length=10, verbose_name="only for the plate"
                            ),
                        ),
                        ("valid_from", models.DateTimeField(verbose_name="from")),
                        ("valid_until", models.DateTimeField(verbose_name="until")),
                        (
                            "most_uses",
                            models.PositiveIntegerField(default=1, verbose_name="uses at most"),
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
                        "verbose_name": "parking coupon",
                        "verbose_name_plural": "parking coupons",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "code"), name="coupon_code_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("valid_until__gt", models.F("valid_from"))),
                                name="coupon_valid_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "percent"), _negated=True),
                                    ("value__lte", 100),
                                    _connector="OR",
                                ),
                                name="coupon_percent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind", "whole"), ("value__gt", 0), _connector="OR"
                                ),
                                name="coupon_gives_something",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CouponUse",
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
                            "coupon",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="uses",
                                to="parking.coupon",
                                verbose_name="parking coupon",
                            ),
                        ),
                        (
                            "stay",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="coupon_use",
                                to="parking.stay",
                                verbose_name="stay",
                            ),
                        ),
                        ("used_at", models.DateTimeField(verbose_name="used")),
                    ],
                    options={
                        "verbose_name": "use of a coupon",
                        "verbose_name_plural": "uses of coupons",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Charge",
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
                                related_name="charges",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "stay",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="charge",
                                to="parking.stay",
                                verbose_name="stay",
                            ),
                        ),
                        (
                            "tariff",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="charges",
                                to="parking.tariff",
                                verbose_name="tariff",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                default="unknown", max_length=12, verbose_name="plate kind"
                            ),
                        ),
                        ("total_fen", models.PositiveIntegerField(default=0, verbose_name="price")),
                        ("paid_fen", models.PositiveIntegerField(default=0, verbose_name="paid")),
                        ("lines", models.JSONField(default=list, verbose_name="lines")),
                        ("fault", models.CharField(blank=True, max_length=40)),
                        ("priced_until", models.DateTimeField(verbose_name="priced until")),
                        (
                            "paid_until",
                            models.DateTimeField(blank=True, null=True, verbose_name="paid until"),
                        ),
                        (
                            "paid_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="paid at"),
                        ),
                        (
                            "is_final",
                            models.BooleanField(default=False, verbose_name="the car has left"),
                        ),
                    ],
                    options={
                        "verbose_name": "parking charge",
                        "verbose_name_plural": "parking charges",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                fields=["compound", "priced_until"], name="charge_by_moment"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("paid_at", None), ("paid_until", None)),
                                    models.Q(
                                        ("paid_at__isnull", False), ("paid_until__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="charge_paid_until_when",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PriceChange",
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
                            "charge",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="changes",
                                to="parking.charge",
                                verbose_name="parking charge",
                            ),
                        ),
                        (
                            "why",
                            models.CharField(
                                choices=[
                                    ("left", "The car left"),
                                    ("corrected", "The stay was put right"),
                                    ("right", "The right to park changed"),
                                    ("coupon", "A coupon was given"),
                                    ("month", "The month was priced anew"),
                                ],
                                max_length=10,
                                verbose_name="why",
                            ),
                        ),
                        ("before_fen", models.PositiveIntegerField(verbose_name="before")),
                        ("after_fen", models.PositiveIntegerField(verbose_name="after")),
                        (
                            "before_lines",
                            models.JSONField(default=list, verbose_name="lines before"),
                        ),
                        ("at", models.DateTimeField(verbose_name="when")),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "change of a price",
                        "verbose_name_plural": "changes of prices",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Debt",
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
                                related_name="debts",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "stay",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="debt",
                                to="parking.stay",
                                verbose_name="stay",
                            ),
                        ),
                        (
                            "plate",
                            models.CharField(blank=True, max_length=10, verbose_name="plate"),
                        ),
                        ("amount_fen", models.PositiveIntegerField(verbose_name="owed")),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("no_money", "Cannot pay now"),
                                    ("disputed", "Disputes the price"),
                                    ("fault", "Paying does not work"),
                                    ("emergency", "Emergency"),
                                    ("lives_here", "Lives here and is not held"),
                                    ("left_unseen", "Left without anybody deciding"),
                                    ("other", "Other"),
                                ],
                                max_length=12,
                                verbose_name="reason",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="since")),
                        (
                            "settled_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="paid at"),
                        ),
                        (
                            "waived_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="let go"),
                        ),
                        (
                            "waived_because",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="let go because"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "parking debt",
                        "verbose_name_plural": "parking debts",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("settled_at", None), ("waived_at", None)),
                                fields=["compound", "plate"],
                                name="debt_of_plate",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount_fen__gt", 0)), name="debt_is_owed"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("settled_at", None), ("waived_at", None), _connector="OR"
                                ),
                                name="debt_ends_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("waived_at", None),
                                    models.Q(("waived_because", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="debt_let_go_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FireLane",
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
                                related_name="fire_lanes",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="name")),
                        (
                            "camera",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="fire_lanes",
                                to="community.device",
                                verbose_name="camera",
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
                            "corners",
                            models.JSONField(blank=True, default=list, verbose_name="corners"),
                        ),
                        (
                            "minutes",
                            models.PositiveSmallIntegerField(
                                default=3,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(120),
                                ],
                                verbose_name="minutes until the owner is told",
                            ),
                        ),
                        (
                            "grace_minutes",
                            models.PositiveSmallIntegerField(
                                default=10,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(120),
                                ],
                                verbose_name="minutes to drive away after that",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                    ],
                    options={
                        "verbose_name": "fire lane",
                        "verbose_name_plural": "fire lanes",
                        "ordering": ["compound", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "name"), name="fire_lane_name_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("grace_minutes__gte", 1), ("minutes__gte", 1)),
                                name="fire_lane_minutes",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FireCase",
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
                                related_name="cases",
                                to="parking.firelane",
                                verbose_name="fire lane",
                            ),
                        ),
                        ("plate", models.CharField(max_length=10, verbose_name="plate")),
                        (
                            "vehicle",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="parking.vehicle",
                                verbose_name="vehicle",
                            ),
                        ),
                        ("first_at", models.DateTimeField(verbose_name="first seen")),
                        ("last_at", models.DateTimeField(verbose_name="last seen")),
                        (
                            "told_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="owner told"),
                        ),
                        (
                            "guard_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="given to the guard"
                            ),
                        ),
                        (
                            "pack_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="evidence kept since"
                            ),
                        ),
                        (
                            "left_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="gone"),
                        ),
                    ],
                    options={
                        "verbose_name": "car in a fire lane",
                        "verbose_name_plural": "cars in fire lanes",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["compound", "-first_at"], name="fire_case_by_time")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("left_at", None)),
                                fields=("lane", "plate"),
                                name="fire_case_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("last_at__gte", models.F("first_at"))),
                                name="fire_case_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("pack_at", None),
                                    ("told_at__isnull", False),
                                    ("guard_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="fire_owner_told_first",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FireSighting",
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sightings",
                                to="parking.firecase",
                                verbose_name="car in a fire lane",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="when")),
                        ("file", models.CharField(blank=True, editable=False, max_length=120)),
                        ("seal", community.fields.EncryptedTextField(blank=True, editable=False)),
                    ],
                    options={
                        "verbose_name": "sighting in a fire lane",
                        "verbose_name_plural": "sightings in fire lanes",
                        "ordering": ["at", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "at"), name="fire_sighting_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VehicleImport",
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
                        ("file_name", models.CharField(max_length=120, verbose_name="file")),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("checking", "Being checked"),
                                    ("checked", "Checked"),
                                    ("refused", "With faults"),
                                    ("applying", "Being applied"),
                                    ("applied", "Applied"),
                                ],
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("rows", models.PositiveIntegerField(default=0, verbose_name="rows")),
                        ("applied", models.PositiveIntegerField(default=0, verbose_name="applied")),
                        (
                            "faults",
                            models.JSONField(blank=True, default=list, verbose_name="faults"),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                    ],
                    options={
                        "verbose_name": "vehicle import",
                        "verbose_name_plural": "vehicle imports",
                        "ordering": ["-id"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="VehicleImportRow",
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
                        ("number", models.PositiveIntegerField(verbose_name="row")),
                        ("values", models.JSONField(verbose_name="values")),
                        ("applied_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="staged",
                                to="parking.vehicleimport",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "row of a vehicle import",
                        "verbose_name_plural": "rows of vehicle imports",
                        "ordering": ["number"],
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                condition=models.Q(("applied_at", None)),
                                fields=["batch", "number"],
                                name="import_row_waiting",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("batch", "number"), name="import_row_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CarWish",
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
                        ("file", models.CharField(blank=True, editable=False, max_length=120)),
                        ("seal", community.fields.EncryptedTextField(blank=True, editable=False)),
                        (
                            "picture_removed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="picture removed"
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked")),
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
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        ("plate", models.CharField(max_length=10, verbose_name="plate")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("blue", "Blue plate"),
                                    ("yellow", "Yellow plate"),
                                    ("green", "Green plate"),
                                    ("green_large", "Green and yellow plate"),
                                    ("white", "White plate"),
                                    ("black", "Black plate"),
                                    ("unknown", "Kind not known"),
                                ],
                                default="unknown",
                                max_length=12,
                                verbose_name="plate kind",
                            ),
                        ),
                        (
                            "colour",
                            models.CharField(blank=True, max_length=20, verbose_name="car colour"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waits for the desk"),
                                    ("approved", "Registered"),
                                    ("refused", "Not registered"),
                                    ("withdrawn", "Taken back"),
                                ],
                                default="waiting",
                                max_length=9,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=120, verbose_name="reason"),
                        ),
                        (
                            "vehicle",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="parking.vehicle",
                                verbose_name="vehicle",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "car to be approved",
                        "verbose_name_plural": "cars to be approved",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "waiting")),
                                fields=("person", "plate"),
                                name="car_asked_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at", None), ("state", "waiting")),
                                    models.Q(
                                        models.Q(("state", "waiting"), _negated=True),
                                        ("answered_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="car_wish_answered",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "refused"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="car_refused_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RenewalWish",
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
                        ("asked_at", models.DateTimeField(verbose_name="asked")),
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
                            "permit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="wishes",
                                to="parking.permit",
                                verbose_name="parking permit",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
                        ("until", models.DateField(verbose_name="asked until")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waits for the desk"),
                                    ("granted", "Prolonged"),
                                    ("refused", "Not prolonged"),
                                ],
                                default="waiting",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=120, verbose_name="reason"),
                        ),
                    ],
                    options={
                        "verbose_name": "permit to be prolonged",
                        "verbose_name_plural": "permits to be prolonged",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "waiting")),
                                fields=("permit",),
                                name="renewal_asked_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at", None), ("state", "waiting")),
                                    models.Q(
                                        models.Q(("state", "waiting"), _negated=True),
                                        ("answered_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="renewal_answered",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Dispute",
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
                        ("file", models.CharField(blank=True, editable=False, max_length=120)),
                        ("seal", community.fields.EncryptedTextField(blank=True, editable=False)),
                        (
                            "picture_removed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="picture removed"
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked")),
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
                            "stay",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="disputes",
                                to="parking.stay",
                                verbose_name="stay",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("not_mine", "This was not my car"),
                                    ("times", "The times are wrong"),
                                    ("price", "The price is wrong"),
                                    ("other", "Something else"),
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
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Is being looked at"),
                                    ("corrected", "Put right"),
                                    ("stands", "Stands as it is"),
                                ],
                                default="waiting",
                                max_length=9,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "answer",
                            models.CharField(blank=True, max_length=200, verbose_name="answer"),
                        ),
                    ],
                    options={
                        "verbose_name": "disputed stay",
                        "verbose_name_plural": "disputed stays",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "waiting")),
                                fields=("stay",),
                                name="stay_disputed_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at", None), ("state", "waiting")),
                                    models.Q(
                                        models.Q(("state", "waiting"), _negated=True),
                                        ("answered_at__isnull", False),
                                        models.Q(("answer", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="dispute_answered",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BlockedCar",
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
                        ("file", models.CharField(blank=True, editable=False, max_length=120)),
                        ("seal", community.fields.EncryptedTextField(blank=True, editable=False)),
                        (
                            "picture_removed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="picture removed"
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
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
                        ("plate", models.CharField(max_length=10, verbose_name="plate")),
                        (
                            "vehicle",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="parking.vehicle",
                                verbose_name="vehicle",
                            ),
                        ),
                        ("place", models.CharField(max_length=60, verbose_name="where it stands")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("told", "Passed on"),
                                    ("coming", "Is being driven away"),
                                    ("guard", "A guard looks after it"),
                                    ("over", "Settled"),
                                ],
                                default="told",
                                max_length=6,
                                verbose_name="state",
                            ),
                        ),
                        ("reported_at", models.DateTimeField(verbose_name="reported")),
                        (
                            "minutes",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="minutes until it is gone"
                            ),
                        ),
                        (
                            "answered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                        ),
                        (
                            "guard_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="given to the guard"
                            ),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="settled"),
                        ),
                    ],
                    options={
                        "verbose_name": "car in the way",
                        "verbose_name_plural": "cars in the way",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at", None)),
                                fields=["reported_at"],
                                name="blocked_open",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("person", "plate"),
                                name="blocked_told_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at__isnull", False), ("state", "over")),
                                    models.Q(
                                        models.Q(("state", "over"), _negated=True),
                                        ("ended_at", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="blocked_over_has_time",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
