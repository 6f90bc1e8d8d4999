"""What PostgreSQL itself holds: no two versions or shapes of a division on one day, no code twice on one day, a mark that
changes with every change.

The exclusion constraints need only what core PostgreSQL has: a range over one value stands for the value, so that the
range operators of GiST serve for equality too, without the extension btree_gist.
"""

from django.db import migrations

FORWARD = """
CREATE TYPE territory_uuid_range AS RANGE (SUBTYPE = uuid);
CREATE TYPE territory_code_range AS RANGE (SUBTYPE = text, COLLATION = "C");

ALTER TABLE territory_divisionversion
  ADD CONSTRAINT division_version_once_a_day EXCLUDE USING gist (
    territory_uuid_range(division_id, division_id, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&),
  ADD CONSTRAINT division_code_once_a_day EXCLUDE USING gist (
    territory_code_range(code::text, code::text, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&);
ALTER TABLE territory_divisionshape
  ADD CONSTRAINT division_shape_once_a_day EXCLUDE USING gist (
    territory_uuid_range(division_id, division_id, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&);
ALTER TABLE territory_division
  ADD CONSTRAINT division_path_ends_with_itself CHECK (path[array_upper(path, 1)] = id);

CREATE FUNCTION territory_set_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO territory_mark (id, value) VALUES (1, gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET value = excluded.value;
  RETURN NULL;
END $$;
CREATE TRIGGER division_mark AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON territory_division
  FOR EACH STATEMENT EXECUTE FUNCTION territory_set_mark();
CREATE TRIGGER division_version_mark AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON territory_divisionversion
  FOR EACH STATEMENT EXECUTE FUNCTION territory_set_mark();
CREATE TRIGGER division_shape_mark AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON territory_divisionshape
  FOR EACH STATEMENT EXECUTE FUNCTION territory_set_mark();
CREATE TRIGGER level_name_mark AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON territory_levelname
  FOR EACH STATEMENT EXECUTE FUNCTION territory_set_mark();
INSERT INTO territory_mark (id, value) VALUES (1, gen_random_uuid());
"""

BACKWARD = """
DROP TRIGGER division_mark ON territory_division;
DROP TRIGGER division_version_mark ON territory_divisionversion;
DROP TRIGGER division_shape_mark ON territory_divisionshape;
DROP TRIGGER level_name_mark ON territory_levelname;
DROP FUNCTION territory_set_mark();
ALTER TABLE territory_division DROP CONSTRAINT division_path_ends_with_itself;
ALTER TABLE territory_divisionshape DROP CONSTRAINT division_shape_once_a_day;
ALTER TABLE territory_divisionversion DROP CONSTRAINT division_version_once_a_day,
  DROP CONSTRAINT division_code_once_a_day;
DROP TYPE territory_uuid_range;
DROP TYPE territory_code_range;
DELETE FROM territory_mark;
"""


class Migration(migrations.Migration):
    dependencies = [("territory", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
