from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hall", "0016_missed_searches"),
        ("matters", "0016_periods"),
        ("register", "0007_homes_imports"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("is_simulated", True)), fields=["decided_at"], name="hall_application_simulated"
            ),
        ),
    ]
