"""`quetsach manage migrate`: Django's own; makes a backup first, and empty databases at once."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quetsach.api.problems import QuetsachError
from quetsach_portal.config.applied_migrations import (
    is_empty,
    missing_migrations,
    refuse_earlier_database,
    refuse_other_database,
)
from quetsach_portal.config.empty_database import make_tables
from quetsach_portal.operations.backup.writing import back_up


class Command(migrate.Command):
    """Bring the database up to date: an empty one at once, any other migration by migration."""

    help = gettext_noop(
        "Bring the database to this version: an empty one gets its tables at once; of an earlier "
        "one a backup is made first."
    )

    # Tables hang on models alone; to check all addresses too would load every page.
    requires_system_checks = (Tags.models, Tags.database)

    def add_arguments(self, parser: CommandParser) -> None:
        """Take Django's own, and whether a backup is left out."""
        super().add_arguments(parser)
        parser.add_argument(
            "--no-backup", action="store_true", help=_("change the database without a backup")
        )
        parser.add_argument(
            "--only-empty",
            action="store_true",
            help=_("make the tables of an empty database, and refuse one of another version"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run. Errors: QuetsachError E604 or E609 where only an empty database may be changed."""
        if options.get("only_empty"):
            refuse_other_database()
            if not is_empty():
                refuse_earlier_database()
                return
        asks_for_all = not options["app_label"]
        only_looks = options["plan"] or options["check_unapplied"] or options["prune"]
        only_notes = options["fake"] or options["fake_initial"]
        if asks_for_all and not only_looks and not only_notes:
            if options["database"] == DEFAULT_DB_ALIAS and not options.get("no_backup"):
                self._back_up()
            make_tables(options["database"])
        super().handle(*args, **options)

    def _back_up(self) -> None:
        """Keep what is there before it is changed; of an empty or finished database nothing."""
        if is_empty() or not missing_migrations():
            return
        folder = settings.QUETSACH.backups or Path(settings.QUETSACH.home) / "backups"
        place = folder / f"before-migrate-{timezone.localtime():%Y-%m-%d-%H%M%S}"
        try:
            back_up(place)
        except QuetsachError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("A backup of what was there: %(folder)s") % {"folder": place})
