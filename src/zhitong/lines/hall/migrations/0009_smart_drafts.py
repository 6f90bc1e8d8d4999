import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import zhitong.base.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("hall", "0008_bundles"),
        ("matters", "0011_days_first"),
        ("register", "0002_firms"),
    ]

    operations = [
        migrations.CreateModel(
            name="SmartDraft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=zhitong.base.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None),
                ),
                ("sealed", models.BinaryField()),
                ("revision", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "firm",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="register.firm",
                    ),
                ),
                (
                    "matter",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="matters.matter"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["firm", "changed_at"], name="hall_smart_firm"),
                    models.Index(fields=["changed_at"], name="hall_smart_changed"),
                ],
            },
        ),
    ]
