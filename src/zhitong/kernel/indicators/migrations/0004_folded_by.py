"""Days are folded by street and category too; those that were not are folded again, and read from their facts until then.

There is no default on purpose: what still runs and folds without saying so is refused, and cannot leave half a day.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0003_item_and_point")]

    operations = [
        migrations.AddField(
            model_name="rolledday",
            name="folded_by",
            field=models.PositiveSmallIntegerField(default=1),
            preserve_default=False,
        ),
    ]
