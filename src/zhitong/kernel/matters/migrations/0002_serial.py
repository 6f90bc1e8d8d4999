"""The running number of matters, and enough statistics for the planner to search words by their own index."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matters", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(
            "CREATE SEQUENCE matters_serial MINVALUE 1 MAXVALUE 999999 CYCLE", "DROP SEQUENCE matters_serial"
        ),
        migrations.RunSQL(
            "ALTER TABLE matters_matterwords ALTER COLUMN words SET STATISTICS 2000", migrations.RunSQL.noop
        ),
    ]
