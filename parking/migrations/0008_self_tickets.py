from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parking", "0007_invariants"),
        ("residents", "0017_consents_asked_anew"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="area",
            name="self_tickets",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "A car without a plate takes its ticket by phone at the entry, "
                    "and the barrier opens."
                ),
                verbose_name="tickets without a guard",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="phone",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("phone", ""), _negated=True),
                fields=["phone"],
                name="parking_ticket_by_phone",
            ),
        ),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(
                condition=models.Q(("entry_passage__isnull", False)),
                fields=["entry_passage"],
                name="stay_by_entry_passage",
            ),
        ),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(
                condition=models.Q(("exit_passage__isnull", False)),
                fields=["exit_passage"],
                name="stay_by_exit_passage",
            ),
        ),
    ]
