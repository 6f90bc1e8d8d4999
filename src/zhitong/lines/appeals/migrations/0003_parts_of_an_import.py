from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appeals", "0002_order_imports")]

    operations = [migrations.AddField("orderimport", "ahead", models.JSONField(default=list))]
