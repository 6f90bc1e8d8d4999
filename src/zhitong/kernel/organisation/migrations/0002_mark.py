"""Organs and categories are kept in memory: a mark says when they changed."""

from django.db import migrations

TABLES = {"organ_mark": "organisation_organ", "category_mark": "organisation_category"}

FORWARD = "".join(
    f"CREATE TRIGGER {trigger} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION events_set_mark('organisation');"
    for trigger, table in TABLES.items()
)
BACKWARD = "".join(f"DROP TRIGGER {trigger} ON {table};" for trigger, table in TABLES.items())
FIRST = "INSERT INTO events_mark (name, value) VALUES ('organisation', gen_random_uuid()) ON CONFLICT DO NOTHING"
NONE = "DELETE FROM events_mark WHERE name = 'organisation'"


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial"), ("events", "0003_mark")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD), migrations.RunSQL(FIRST, NONE)]
