from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0010_address_proof"),
    ]

    operations = [
        migrations.AlterField(
            model_name="retentionrule",
            name="subject",
            field=models.CharField(
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
                ],
                max_length=16,
                verbose_name="what",
            ),
        ),
    ]
