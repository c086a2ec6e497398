"""`quetsach manage migrate`: Django's own, which makes an empty database's tables at once."""

from typing import Any

from django.core.checks import Tags
from django.core.management.commands import migrate

from quetsach_portal.config.empty_database import make_tables


class Command(migrate.Command):
    """Bring the database up to date: an empty one at once, any other migration by migration."""

    # Tables hang on models alone; to check all addresses too would load every page.
    requires_system_checks = (Tags.models, Tags.database)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        asks_for_all = not options["app_label"]
        only_looks = options["plan"] or options["check_unapplied"] or options["prune"]
        only_notes = options["fake"] or options["fake_initial"]
        if asks_for_all and not only_looks and not only_notes:
            make_tables(options["database"])
        super().handle(*args, **options)
