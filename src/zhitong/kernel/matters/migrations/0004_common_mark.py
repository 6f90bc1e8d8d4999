"""The mark of the catalogue stands with the other marks, so that a page reads them all at once."""

from django.db import migrations

FIRST = "INSERT INTO events_mark (name, value) VALUES ('catalogue', gen_random_uuid()) ON CONFLICT DO NOTHING"
NONE = "DELETE FROM events_mark WHERE name = 'catalogue'"


class Migration(migrations.Migration):
    dependencies = [("matters", "0003_phrase"), ("events", "0003_mark")]

    operations = [migrations.RunSQL(FIRST, NONE), migrations.DeleteModel(name="Marker")]
