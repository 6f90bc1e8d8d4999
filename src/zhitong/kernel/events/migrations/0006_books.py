"""Events carry the number of the book that was open when they were written; a seal covers books, whatever the clocks say."""

from typing import ClassVar

import django.contrib.postgres.indexes
from django.db import migrations, models

import zhitong.kernel.events.models

# Seals that are there keep what they cover: the events recorded on their day.
NUMBERS = """
CREATE SEQUENCE events_book;
ALTER TABLE events_seal ADD COLUMN number integer;
ALTER TABLE events_seal DISABLE TRIGGER events_seal_keep;
UPDATE events_seal s SET number = n.number
FROM (SELECT day, row_number() OVER (ORDER BY day) AS number FROM events_seal) n WHERE n.day = s.day;
ALTER TABLE events_seal ENABLE TRIGGER events_seal_keep;
ALTER TABLE events_seal DROP CONSTRAINT events_seal_pkey, ADD PRIMARY KEY (number), ADD CHECK (number >= 0);
SELECT setval('events_book', 1 + (SELECT coalesce(max(number), 0) FROM events_seal));
"""
SEALED = """
ALTER TABLE events_event DISABLE TRIGGER events_event_keep;
UPDATE events_event e SET book = s.number
FROM events_seal s WHERE (e.recorded_at AT TIME ZONE 'Asia/Shanghai')::date = s.day AND e.book <> s.number;
ALTER TABLE events_event ENABLE TRIGGER events_event_keep;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("events", "0005_names_of_letters")]

    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(NUMBERS)],
            state_operations=[
                migrations.AddField("seal", "number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                migrations.AlterField("seal", "day", models.DateField()),
            ],
        ),
        migrations.AddField(
            model_name="event",
            name="book",
            field=models.PositiveIntegerField(db_default=zhitong.kernel.events.models.OpenBook()),
        ),
        migrations.RunSQL(SEALED),
        migrations.AddIndex(
            model_name="event",
            index=django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=["book"], name="event_book"),
        ),
    ]
