"""The index of words begins with the days."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("matters", "0010_channels_of_the_hall")]

    operations = [
        AddIndexConcurrently(
            model_name="matterwords",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("matter"), template="(ARRAY[left(%(expressions)s::text, 5)])"),
                models.F("words"),
                models.F("organs"),
                name="matter_sought",
            ),
        ),
        RemoveIndexConcurrently(model_name="matterwords", name="matter_found"),
    ]
