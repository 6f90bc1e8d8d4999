"""The tracking code by which an applicant confirmed what was collected and given back is taken out of what was written down."""

from django.db import migrations

TAKEN_OUT = """
UPDATE matters_record SET data = matters_record.data - 'code'
FROM matters_matter m
WHERE m.id = matter_id AND m.kind = 'agency' AND action IN ('collect', 'hand_back') AND jsonb_exists(matters_record.data, 'code')
"""


class Migration(migrations.Migration):
    dependencies = [("hall", "0019_numbers_sealed"), ("matters", "0017_opened_standing")]

    operations = [migrations.RunSQL(TAKEN_OUT, migrations.RunSQL.noop)]
