from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lists', '0002_lists_in_use'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='feed',
            name='added_after',
        ),
        migrations.AddField(
            model_name='feed',
            name='etag',
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
