"""The mark of the territory stands with the other marks, so that a page reads them all at once."""

from django.db import migrations

TABLES = {
    "division_mark": "territory_division",
    "division_version_mark": "territory_divisionversion",
    "division_shape_mark": "territory_divisionshape",
    "level_name_mark": "territory_levelname",
}


def _triggers(function: str) -> str:
    return "".join(
        f"DROP TRIGGER {trigger} ON {table};"
        f"CREATE TRIGGER {trigger} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {function};"
        for trigger, table in TABLES.items()
    )


KEPT = "INSERT INTO events_mark (name, value) SELECT 'territory', value FROM territory_mark ON CONFLICT DO NOTHING"
BACK = """
INSERT INTO territory_mark (id, value) VALUES (1, gen_random_uuid());
DELETE FROM events_mark WHERE name = 'territory';
"""
FUNCTION = """
CREATE FUNCTION territory_set_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO territory_mark (id, value) VALUES (1, gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET value = excluded.value;
  RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("territory", "0002_history"), ("events", "0003_mark")]

    operations = [
        migrations.RunSQL(KEPT, BACK),
        migrations.RunSQL(_triggers("events_set_mark('territory')"), _triggers("territory_set_mark()")),
        migrations.RunSQL("DROP FUNCTION territory_set_mark()", FUNCTION),
        migrations.DeleteModel(name="Mark"),
    ]
