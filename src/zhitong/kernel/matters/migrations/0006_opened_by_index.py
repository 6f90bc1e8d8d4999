from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0005_names_in_the_administration"),
        ("organisation", "0002_mark"),
        ("register", "0001_initial"),
        ("territory", "0003_common_mark"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("opened_by__isnull", False)),
                fields=["opened_by", "-opened_at"],
                name="matter_opened_by",
            ),
        ),
    ]
