import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0002_mark"),
        ("territory", "0003_common_mark"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="duty",
            name="duty_once_a_day",
        ),
        migrations.AddField(
            model_name="duty",
            name="hours",
            field=models.CharField(
                blank=True,
                help_text="如“周一至周五 8:30-17:30”“22:00-6:00”；留空表示全天。",
                max_length=40,
                verbose_name="时段",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("organ", "="),
                    (
                        django.db.models.functions.comparison.Coalesce(
                            models.F("category"),
                            models.Value("00000000-0000-0000-0000-000000000000", output_field=models.UUIDField()),
                        ),
                        "=",
                    ),
                    (
                        django.db.models.functions.comparison.Coalesce(
                            models.F("division"),
                            models.Value("00000000-0000-0000-0000-000000000000", output_field=models.UUIDField()),
                        ),
                        "=",
                    ),
                    ("hours", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_to"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="duty_once_a_day",
                violation_error_message="该单位同一时期内已有相同的职责。",
            ),
        ),
    ]
