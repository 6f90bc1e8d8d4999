"""The index of boxes keeps each level by itself: a view of streets no longer reads every grid in it."""

from typing import Any

import django.contrib.postgres.indexes
from django.db import migrations, models

from zhitong.kernel.territory.choices import Level, aside


def fill(apps: Any, _schema: Any) -> None:
    """Level by level."""
    shapes = apps.get_model("territory", "DivisionShape").objects
    for level in Level.values:
        shapes.filter(division__level=level).update(aside=aside(level))


class Migration(migrations.Migration):
    dependencies = [
        ("territory", "0007_ground"),
    ]

    operations = [
        migrations.RemoveIndex("divisionshape", "division_shape_box"),
        migrations.AddField(
            "divisionshape", "aside", models.FloatField(default=0.0, editable=False), preserve_default=False
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="divisionshape",
            index=django.contrib.postgres.indexes.GistIndex(
                models.Func(
                    models.Func(models.F("west") + models.F("aside"), "south", function="point"),
                    models.Func(models.F("east") + models.F("aside"), "north", function="point"),
                    function="box",
                ),
                name="division_shape_level_box",
            ),
        ),
    ]
