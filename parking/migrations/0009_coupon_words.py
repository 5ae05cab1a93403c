from django.db import migrations, models


class Migration(migrations.Migration):
    """Words only: an amount off is given in yuan."""

    dependencies = [("parking", "0008_self_tickets")]

    operations = [
        migrations.AlterField(
            model_name="coupon",
            name="kind",
            field=models.CharField(
                choices=[
                    ("minutes", "Minutes free"),
                    ("off", "An amount off"),
                    ("percent", "Percent off"),
                    ("whole", "The whole stay"),
                ],
                max_length=8,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="coupon",
            name="value",
            field=models.PositiveIntegerField(default=0, verbose_name="worth"),
        ),
    ]
