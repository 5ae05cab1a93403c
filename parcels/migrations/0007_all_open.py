"""Since when nearly all doors of a bank have stood open."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parcels", "0006_drawn_banks")]

    operations = [
        migrations.AddField(
            model_name="lockerbank",
            name="all_open_since",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="all doors open since"
            ),
        ),
    ]
