"""What somebody took down, of one kind: who takes down applications all day finds the appeals among them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0011_days_first")]

    operations = [
        migrations.RemoveIndex(model_name="matter", name="matter_opened_by"),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                fields=["opened_by", "kind", "-opened_at"],
                name="matter_opened_by",
                condition=models.Q(opened_by__isnull=False),
            ),
        ),
    ]
