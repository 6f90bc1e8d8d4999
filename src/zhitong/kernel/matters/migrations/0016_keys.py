"""The index of words knows days, spans of days and organs as keys of one column, and the spans without an organ too."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

# Most matters come in without an organ, and most of what is written is that.
KEYS = """
CREATE FUNCTION matters_keys(matter uuid, organs uuid[]) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  days text := left(matter::text, 5);
  span text := left(days, 4);
BEGIN
  IF cardinality(organs) = 0 THEN RETURN ARRAY[days, span]; END IF;
  RETURN ARRAY[days, span] || organs::text[] || ARRAY(SELECT organ::text || span FROM unnest(organs) AS organ);
END $$
"""
NO_KEYS = "DROP FUNCTION matters_keys(uuid, uuid[])"
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
        migrations.RunSQL(KEYS, NO_KEYS),
        AddIndexConcurrently(
            model_name="matterwords",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("matter"), models.F("organs"), function="matters_keys"),
                models.F("words"),
                name="matter_keyed",
            ),
        ),
        RemoveIndexConcurrently(model_name="matterwords", name="matter_worded"),
        migrations.RunSQL(NO_SPANS, SPANS),
    ]
