"""The administration shows names instead of codes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0004_other_systems"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="letter",
            options={"verbose_name": "文书", "verbose_name_plural": "文书"},
        ),
        migrations.AlterField(
            model_name="letter",
            name="body",
            field=models.TextField(verbose_name="正文"),
        ),
        migrations.AlterField(
            model_name="letter",
            name="body_en",
            field=models.TextField(blank=True, verbose_name="英文正文"),
        ),
        migrations.AlterField(
            model_name="letter",
            name="title",
            field=models.CharField(max_length=120, verbose_name="标题"),
        ),
        migrations.AlterField(
            model_name="letter",
            name="title_en",
            field=models.CharField(blank=True, max_length=200, verbose_name="英文标题"),
        ),
    ]
