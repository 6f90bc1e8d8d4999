"""What somebody took down and is open is found without all they ever took down."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("matters", "0016_periods")]

    operations = [
        AddIndexConcurrently(
            model_name="matter",
            index=models.Index(
                fields=["opened_by", "kind"],
                name="matter_opened_standing",
                condition=models.Q(opened_by__isnull=False, closed_at=None),
            ),
        ),
    ]
