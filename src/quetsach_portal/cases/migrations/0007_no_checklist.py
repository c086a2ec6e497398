"""The steps of a case are its handlings: the column of ticks goes."""

from django.db import migrations


class Migration(migrations.Migration):
    """One column less."""

    dependencies = [
        ('cases', '0006_restored'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='case',
            name='checklist',
        ),
    ]
