from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("security", "0002_corrections_and_alert_steps")]

    operations = [
        migrations.AddIndex(
            model_name="passage",
            index=models.Index(fields=["state", "compound", "seen_at"], name="passage_by_state"),
        ),
    ]
