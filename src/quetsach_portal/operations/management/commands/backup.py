"""`quetsach manage backup FOLDER`, and `--check`: is the backup there whole and restorable?"""

from argparse import SUPPRESS, ArgumentParser
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quetsach.api.problems import QuetsachError
from quetsach_portal.audit.anchors import RESTORED, replace_office_key
from quetsach_portal.audit.record import record
from quetsach_portal.operations.backup.checking import differences_of_home
from quetsach_portal.operations.backup.differences import BackupDifferences, collected
from quetsach_portal.operations.backup.manifest import BackupManifest, read_manifest
from quetsach_portal.operations.backup.restoring import try_backup
from quetsach_portal.operations.backup.writing import back_up


class Command(BaseCommand):
    """Keep the database and the files in a folder, or prove that a folder can be restored."""

    help = gettext_noop(
        "Write the database and the files to a new folder while the portal runs. --check: restore "
        "that folder into a scratch home, compute every digest, counter and figure anew, and name "
        "each difference."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder and what to do with it."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--check", action="store_true", help=_("check an existing backup"))
        parser.add_argument(
            "--here",
            action="store_true",
            help=_("with --check: compare this portal, restored and not yet started, instead"),
        )
        parser.add_argument(
            "--scratch", type=Path, help=_("with --check: where the scratch home is made")
        )
        parser.add_argument("--restored", action="store_true", help=SUPPRESS)
        parser.add_argument("--json", action="store_true", help=_("print the differences as JSON"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        folder: Path = options["folder"]
        try:
            if not options["check"]:
                self._tell_written(back_up(folder))
                return
            manifest = read_manifest(folder)
            if options["here"]:
                differences = collected(differences_of_home(manifest))
                if options["restored"] and not differences.count:
                    _note_restored(folder, manifest)
            else:
                differences = try_backup(folder, options["scratch"])
        except QuetsachError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(msgspec.json.encode(differences).decode())
        else:
            self._tell_checked(manifest, differences)

    def _tell_written(self, manifest: BackupManifest) -> None:
        message = _(
            "%(rows)s rows of %(tables)s tables and %(files)s files are saved. "
            "Head of the audit trail: %(head)s"
        )
        seq, digest = manifest.head
        self.stdout.write(
            message
            % {
                "rows": sum(manifest.row_counts().values()),
                "tables": len(manifest.tables),
                "files": len(manifest.files),
                "head": f"{seq}:{digest or '-'}",
            }
        )

    def _tell_checked(self, manifest: BackupManifest, differences: BackupDifferences) -> None:
        if differences.count:
            lines = [str(difference) for difference in differences.named]
            if differences.count > len(lines):
                more = differences.count - len(lines)
                lines.append(_("and %(count)s more differences") % {"count": more})
            raise CommandError("\n".join(lines), returncode=1)
        if manifest.format == 1:
            self.stdout.write(
                _("An earlier version wrote this backup: it holds no digests to compare with.")
            )
        message = _(
            "Restorable as of %(at)s: 0 differences. %(rows)s rows match, %(files)s files match, "
            "every counter and report was added up again, the chain of the audit trail is intact."
        )
        rows = sum(manifest.row_counts().values())
        facts = {"at": manifest.at, "rows": rows, "files": len(manifest.files)}
        self.stdout.write(message % facts)


def _note_restored(folder: Path, manifest: BackupManifest) -> None:
    replace_office_key()
    with transaction.atomic():
        detail = {"as_of": manifest.at, "head": manifest.head[0]}
        record(RESTORED, actor=None, kind="backup", object_id=folder.name, detail=detail)
