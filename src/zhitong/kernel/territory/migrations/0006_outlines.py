"""Shapes as coarse as maps show them, kept beside each shape; those that are there get theirs."""

from typing import Any

import numpy as np
import shapely
from django.db import migrations, models

from zhitong.kernel.territory.rules.outlines import ZOOMS, outlines

BATCH = 2_000


def fill(apps: Any, _schema: Any) -> None:
    """Some thousand at a time, in the order of their ids."""
    shapes = apps.get_model("territory", "DivisionShape").objects
    last = None
    while True:
        rows = shapes.order_by("id") if last is None else shapes.filter(id__gt=last).order_by("id")
        some = list(rows[:BATCH])
        if not some:
            return
        last = some[-1].id
        areas = np.empty(len(some), dtype=object)
        areas[:] = [shapely.geometry.shape(one.geometry) for one in some]
        for zoom, texts in outlines(areas).items():
            for one, text in zip(some, texts, strict=True):
                setattr(one, f"at_{zoom}", text)
        shapes.bulk_update(some, [f"at_{zoom}" for zoom in ZOOMS], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("territory", "0005_redrawing_and_boxes"),
    ]

    operations = [
        *(
            migrations.AddField("divisionshape", f"at_{zoom}", models.TextField(editable=False, null=True))
            for zoom in ZOOMS
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
