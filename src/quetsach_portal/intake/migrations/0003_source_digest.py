"""A source is told by its BLAKE3; rows of before keep the SHA-256 that they have."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Rename the column, and the field in its constraint."""

    dependencies = [("intake", "0002_log_sources")]

    operations = [
        migrations.RemoveConstraint(model_name="sourceday", name="source_day_once"),
        migrations.RenameField("sourceday", "source_sha256", "source_digest"),
        migrations.AddConstraint(
            model_name="sourceday",
            constraint=models.UniqueConstraint(
                fields=("node", "source_digest", "kind", "day"), name="source_day_once"
            ),
        ),
    ]
