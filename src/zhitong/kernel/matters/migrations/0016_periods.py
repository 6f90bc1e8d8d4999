"""The index of words keeps each word with the half-year it was said in: what was said when is found without a list of what came in then."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

# A period is the first fourteen bits of an id, 2**34 ms or 199 days, spelt as the first four digits of the period's first id.
PERIODS = r"""
CREATE FUNCTION matters_period(id text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN left(id, 3) || translate(substr(id, 4, 1), '0123456789abcdef', '000044448888cccc');

-- No function of ours is called in it: what builds an index knows no schema but PostgreSQL's own.
CREATE FUNCTION matters_said(matter uuid, words tsvector) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  gap constant text := E'\x1f';
  period text := left(matter::text, 3) || translate(substr(matter::text, 4, 1), '0123456789abcdef', '000044448888cccc');
BEGIN
  RETURN array_to_tsvector(string_to_array(
    period || replace(array_to_string(tsvector_to_array(words), gap), gap, gap || period), gap));
END $$;

CREATE FUNCTION matters_marks(matter uuid, organs uuid[]) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN ARRAY[left(matter::text, 5)] || organs::text[];
END $$;

CREATE FUNCTION matters_asked(query text, periods text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
  SELECT string_agg('(' || replace(query, E'\x1f', period) || ')', ' | ')
  FROM (SELECT DISTINCT matters_period(one) AS period FROM unnest(periods) AS one) AS each
)::tsquery;

CREATE FUNCTION matters_periods(before uuid) RETURNS SETOF text LANGUAGE sql STABLE ROWS 4 BEGIN ATOMIC
  WITH RECURSIVE newest (id) AS (
    (SELECT id FROM matters_matter WHERE id < before ORDER BY id DESC LIMIT 1)
    UNION ALL
    SELECT (
      SELECT id FROM matters_matter WHERE id < rpad(matters_period(newest.id::text), 32, '0')::uuid ORDER BY id DESC LIMIT 1
    ) FROM newest WHERE id IS NOT NULL
  )
  SELECT matters_period(id::text) FROM newest WHERE id IS NOT NULL;
END
"""
NO_PERIODS = """
DROP FUNCTION matters_periods(uuid);
DROP FUNCTION matters_asked(text, text[]);
DROP FUNCTION matters_marks(uuid, uuid[]);
DROP FUNCTION matters_said(uuid, tsvector);
DROP FUNCTION matters_period(text)
"""
# As the migration before made it.
SPANS = """
CREATE FUNCTION matters_spans(matter uuid, organs uuid[]) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF cardinality(organs) = 0 THEN RETURN '{}'; END IF;
  RETURN ARRAY(SELECT organ::text || left(matter::text, 4) FROM unnest(organs) AS organ);
END $$
"""
NO_SPANS = "DROP FUNCTION matters_spans(uuid, uuid[])"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("matters", "0015_spans")]

    operations = [
        migrations.RunSQL(PERIODS, NO_PERIODS),
        AddIndexConcurrently(
            model_name="matterwords",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("matter"), models.F("organs"), function="matters_marks"),
                models.Func(models.F("matter"), models.F("words"), function="matters_said"),
                name="matter_said",
                gin_pending_list_limit=256,
            ),
        ),
        RemoveIndexConcurrently(model_name="matterwords", name="matter_worded"),
        migrations.RunSQL(NO_SPANS, SPANS),
        # nothing asks for a word without its period any more
        migrations.RunSQL(
            "ALTER TABLE matters_matterwords ALTER COLUMN words SET STATISTICS -1",
            "ALTER TABLE matters_matterwords ALTER COLUMN words SET STATISTICS 2000",
        ),
        # of the paths too, which need not be sorted anew for it
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "ALTER INDEX matter_path SET (gin_pending_list_limit = 256)",
                    "ALTER INDEX matter_path RESET (gin_pending_list_limit)",
                )
            ],
            [
                migrations.RemoveIndex("matter", "matter_path"),
                migrations.AddIndex(
                    "matter",
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["path"], name="matter_path", gin_pending_list_limit=256
                    ),
                ),
            ],
        ),
    ]
