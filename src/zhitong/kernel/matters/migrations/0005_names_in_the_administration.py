"""The administration shows names instead of codes."""

from django.db import migrations, models

import zhitong.kernel.matters.rules.listed


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0004_common_mark"),
    ]

    operations = [
        migrations.AlterField(
            model_name="limit",
            name="clock",
            field=models.CharField(
                choices=zhitong.kernel.matters.rules.listed.clock_choices, max_length=40, verbose_name="计时"
            ),
        ),
        migrations.AlterField(
            model_name="limit",
            name="kind",
            field=models.CharField(
                choices=zhitong.kernel.matters.rules.listed.kind_choices, max_length=40, verbose_name="业务"
            ),
        ),
        migrations.AlterField(
            model_name="phrase",
            name="list",
            field=models.SlugField(
                choices=zhitong.kernel.matters.rules.listed.phrase_choices, max_length=40, verbose_name="用于"
            ),
        ),
        migrations.AlterField(
            model_name="reason",
            name="list",
            field=models.SlugField(
                choices=zhitong.kernel.matters.rules.listed.reason_choices, max_length=40, verbose_name="清单"
            ),
        ),
        migrations.AlterField(
            model_name="subkind",
            name="kind",
            field=models.CharField(
                choices=zhitong.kernel.matters.rules.listed.kind_choices, max_length=40, verbose_name="业务"
            ),
        ),
    ]
