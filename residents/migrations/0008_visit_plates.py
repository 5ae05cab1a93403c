import django.db.models.deletion
from django.db import migrations, models


def copy_plates(apps, _schema_editor):
    """The lists that visits kept become rows that a gate can find."""
    Visit = apps.get_model("residents", "Visit")
    VisitPlate = apps.get_model("residents", "VisitPlate")
    rows = Visit.objects.exclude(plates=[]).values_list("pk", "compound_id", "plates")
    for pk, compound, plates in rows.iterator():
        VisitPlate.objects.bulk_create(
            VisitPlate(visit_id=pk, compound_id=compound, plate=plate) for plate in set(plates)
        )


def copy_back(apps, _schema_editor):
    Visit = apps.get_model("residents", "Visit")
    VisitPlate = apps.get_model("residents", "VisitPlate")
    plates = {}
    for visit, plate in VisitPlate.objects.order_by("plate").values_list("visit_id", "plate"):
        plates.setdefault(visit, []).append(plate)
    for visit, found in plates.items():
        Visit.objects.filter(pk=visit).update(plates=found)


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0006_looks_by_subject"),
        ("residents", "0007_signals"),
    ]

    operations = [
        migrations.CreateModel(
            name="VisitPlate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("plate", models.CharField(max_length=10, verbose_name="plate")),
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
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cars",
                        to="residents.visit",
                        verbose_name="visit",
                    ),
                ),
            ],
            options={
                "verbose_name": "plate of a visit",
                "verbose_name_plural": "plates of visits",
                "ordering": ["plate"],
                "indexes": [models.Index(fields=["compound", "plate"], name="visit_by_plate")],
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "plate"), name="visit_plate_once"),
                    models.CheckConstraint(
                        condition=models.Q(("plate", ""), _negated=True), name="visit_plate_given"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="visitstay",
            name="plate",
            field=models.CharField(blank=True, max_length=10, verbose_name="plate"),
        ),
        migrations.AddIndex(
            model_name="visitstay",
            index=models.Index(
                condition=models.Q(("left_at", None)),
                fields=["compound", "plate"],
                name="visit_car_inside",
            ),
        ),
        migrations.RunPython(copy_plates, copy_back),
        migrations.RemoveField(model_name="visit", name="plates"),
    ]
