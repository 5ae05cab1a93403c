from typing import Any

from django.db import migrations, models

import community.fields

BATCH = 500


def index_ends(apps: Any, schema_editor: Any) -> None:
    """Give the phones on file the index of their last four digits."""
    person = apps.get_model("residents", "Person")
    field = person._meta.get_field("phone_tail_index")
    after = 0
    while rows := list(person.objects.filter(pk__gt=after).order_by("pk")[:BATCH]):
        for row in rows:
            row.phone_tail_index = field.index_of(row)
        person.objects.bulk_update(rows, ["phone_tail_index"])
        after = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("residents", "0002_people_homes_registration")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="phone_tail_index",
            field=community.fields.BlindTailField(
                blank=True, default="", editable=False, length=4, max_length=80, of="phone"
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                fields=["compound", "phone_tail_index"], name="person_by_phone_tail"
            ),
        ),
        migrations.RunPython(index_ends, migrations.RunPython.noop),
    ]
