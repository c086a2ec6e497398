"""The dry run of a letter's e-mails gets its own word: a rehearsal is the scratch home."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("letters", "0002_signatures")]

    operations = [
        migrations.RenameField("mailing", "rehearsal", "dry_run"),
        migrations.RenameField("mailing", "rehearsed_at", "dry_run_at"),
    ]
