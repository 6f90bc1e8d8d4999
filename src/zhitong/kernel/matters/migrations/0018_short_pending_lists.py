"""What waits to be sorted into the indexes of words and of paths is sorted in sooner: nobody who raises something waits for thousands before."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0017_periods")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"ALTER INDEX {index} SET (gin_pending_list_limit = 256)",
                    f"ALTER INDEX {index} RESET (gin_pending_list_limit)",
                )
            ],
            state_operations=[
                migrations.RemoveIndex(model, index),
                migrations.AddIndex(
                    model,
                    django.contrib.postgres.indexes.GinIndex(*keys, name=index, gin_pending_list_limit=256, **fields),
                ),
            ],
        )
        for model, index, keys, fields in (
            ("matter", "matter_path", (), {"fields": ["path"]}),
            (
                "matterwords",
                "matter_said",
                (
                    models.Func(models.F("matter"), models.F("organs"), function="matters_marks"),
                    models.Func(models.F("matter"), models.F("words"), function="matters_said"),
                ),
                {},
            ),
        )
    ]
