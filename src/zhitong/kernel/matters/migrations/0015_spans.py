"""The index of words knows what an organ has from some fifty days as one key."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

# Most matters come in without an organ, and most of what is written is that.
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
    dependencies = [("matters", "0014_standing")]

    operations = [
        migrations.RunSQL(SPANS, NO_SPANS),
        AddIndexConcurrently(
            model_name="matterwords",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("matter"), template="(ARRAY[left(%(expressions)s::text, 5)])"),
                models.F("words"),
                models.F("organs"),
                models.Func(models.F("matter"), models.F("organs"), function="matters_spans"),
                name="matter_worded",
            ),
        ),
        RemoveIndexConcurrently(model_name="matterwords", name="matter_sought"),
    ]
