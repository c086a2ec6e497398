"""`quetsach manage restore FOLDER --home PATH`: a backup becomes a portal, checked."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quetsach.api.problems import QuetsachError
from quetsach_portal.operations.backup.restoring import check_home, restore


class Command(BaseCommand):
    """Restore a backup into an empty home and database, and check what came of it."""

    help = gettext_noop(
        "Restore a backup into an empty folder (SQLite), or an empty folder and an empty database "
        "(PostgreSQL), and check it. The portal that runs elsewhere is not touched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the backup and where it goes."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--home", type=Path, help=_("the new home; QUETSACH_HOME without it"))
        parser.add_argument(
            "--database",
            nargs="?",
            const=os.environ.get("DATABASE_URL", ""),
            help=_(
                "an empty PostgreSQL database; without an address that in DATABASE_URL, so that no "
                "password stands in the list of processes"
            ),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        folder: Path = options["folder"]
        home = (options["home"] or Path(settings.QUETSACH.home)).resolve()
        address: str | None = options["database"]
        if address is None:
            address = "" if options["home"] else os.environ.get("DATABASE_URL", "")
        connection.close()
        try:
            manifest = restore(folder, home, address)
            differences = check_home(folder, home, address, is_kept=True)
        except QuetsachError as error:
            raise CommandError(str(error)) from error
        if differences.count:
            lines = [str(difference) for difference in differences.named]
            raise CommandError("\n".join(lines), returncode=1)
        message = _(
            "Restored as of %(at)s into %(home)s: 0 differences. Start it with QUETSACH_HOME="
            "%(home)s; what was done after that time is not in it."
        )
        self.stdout.write(message % {"at": manifest.at, "home": home})
