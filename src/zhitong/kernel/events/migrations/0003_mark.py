"""Marks of what processes keep in memory, and the function by which a table's trigger sets one."""

from typing import ClassVar

from django.db import migrations, models

FUNCTION = """
CREATE FUNCTION events_set_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO events_mark (name, value) VALUES (TG_ARGV[0], gen_random_uuid())
    ON CONFLICT (name) DO UPDATE SET value = excluded.value;
  RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("events", "0002_append_only")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("value", models.UUIDField()),
            ],
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION events_set_mark()"),
    ]
