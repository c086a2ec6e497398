"""What a person chose of the tree beside its lines: single units left out or added, and why."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A campaign made before has chosen nothing beside its lines."""

    dependencies = [("campaigns", "0003_old_names")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="tree_choice",
            field=models.JSONField(default=dict),
        ),
    ]
