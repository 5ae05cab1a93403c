"""How a phone shows that it stands in front of a bank; banks without a tablet stay as they are."""

from typing import Any

from django.db import migrations, models


def keep_as_it_was(apps: Any, schema_editor: Any) -> None:
    """Where nothing shows digits and no label was printed, the button goes on being enough."""
    banks = apps.get_model("parcels", "LockerBank").objects.using(schema_editor.connection.alias)
    banks.filter(tablet_digest="").update(phone_proof="none")


class Migration(migrations.Migration):
    dependencies = [("parcels", "0007_all_open")]

    operations = [
        migrations.AddField(
            model_name="lockerbank",
            name="phone_proof",
            field=models.CharField(
                choices=[
                    ("shown", "What the tablet shows, new every minute"),
                    ("label", "The label on the locker"),
                    ("none", "Nothing: the button is enough"),
                ],
                default="shown",
                help_text=(
                    "How a resident's phone shows that it is at the locker. Without a tablet the "
                    "label takes its place."
                ),
                max_length=5,
                verbose_name="a phone opens with",
            ),
        ),
        migrations.AddField(
            model_name="lockerbank",
            name="label_turn",
            field=models.PositiveSmallIntegerField(default=1, editable=False),
        ),
        migrations.RunPython(keep_as_it_was, migrations.RunPython.noop),
    ]
