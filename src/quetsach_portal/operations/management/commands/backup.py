"""`quetsach manage backup FOLDER`, and `... backup --check FOLDER` on what was restored."""

import subprocess
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quetsach_portal.operations.backups import TOLD, back_up, compare_with_backup


class Command(BaseCommand):
    """Keep the database and the files in a folder, or hold a restored portal against it."""

    help = gettext_noop(
        "Write the database and the files to a new folder while the portal runs. --check: compare "
        "a portal that was restored, and not yet started, with that folder."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        if options["check"]:
            self._check(options["folder"])
            return
        try:
            kept = back_up(options["folder"])
        except (OSError, subprocess.CalledProcessError) as error:
            raise CommandError(str(error)) from error
        message = _(
            "%(rows)s rows of %(tables)s tables and all files are saved. "
            "Head of the audit trail: %(head)s"
        )
        seq, digest = kept.head
        self.stdout.write(
            message
            % {
                "rows": sum(kept.rows.values()),
                "tables": len(kept.rows),
                "head": f"{seq}:{digest or '-'}",
            }
        )

    def _check(self, folder: Path) -> None:
        if not (folder / TOLD).is_file():
            raise CommandError(_("There is no complete backup in %(folder)s.") % {"folder": folder})
        backup = compare_with_backup(folder)
        lines = [f"{name}: {then} -> {now}" for name, (then, now) in backup.other.items()]
        if backup.broken is not None:
            lines.append(f"row {backup.broken.seq}: {backup.broken.reason}")
        if lines:
            raise CommandError("\n".join(lines), returncode=1)
        self.stdout.write(
            _("%(rows)s rows match the backup; the chain of the audit trail is intact.")
            % {"rows": backup.rows}
        )
