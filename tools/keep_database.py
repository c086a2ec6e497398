"""Keep a small database of this version for the tests of later ones: keep_database.py NAME.

It is made at each release and each landing that brings a migration, for SQLite and, with
DATABASE_URL, for PostgreSQL: `tests/portal/kept/NAME.ENGINE.sql`, and beside it `.json` with the
digests that every later version must still find in it.
"""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

FOLDER = Path("tests/portal/kept")


def main(name: str) -> None:
    """Make a district with reports, drafts, evidence and a case, and write its database as SQL."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {
            "QUETSACH_HOME": home,
            "DJANGO_SETTINGS_MODULE": "quetsach_portal.config.settings",
        }
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        _fill()
        FOLDER.mkdir(exist_ok=True)
        place = FOLDER / f"{name}.{connection.vendor}.sql"
        if connection.vendor == "sqlite":
            connection.close()
            with closing(sqlite3.connect(connection.settings_dict["NAME"])) as database:
                place.write_text("\n".join(database.iterdump()) + "\n")
        else:
            words = [
                "pg_dump",
                "--inserts",
                "--no-owner",
                "--no-privileges",
                os.environ["DATABASE_URL"],
            ]
            ended = subprocess.run(words, capture_output=True, text=True, check=True)
            place.write_text(ended.stdout)
        (FOLDER / f"{name}.{connection.vendor}.json").write_text(
            json.dumps(digests(), indent=1) + "\n"
        )


def _fill() -> None:
    from tests.portal.cases.rows import make_file
    from tests.portal.reports.acting import numbers, submitted, written
    from tests.portal.world import make_world

    world = make_world()
    submitted(world, "TC01")
    written(world, "TC02", numbers(people="7"))
    make_file(world, "TC01")


def digests() -> dict[str, object]:
    """Return what an upgrade must leave as it is: reports, drafts, files, and the audit trail."""
    from quetsach_portal.audit.models import AuditEvent
    from quetsach_portal.files.models import StoredFile
    from quetsach_portal.reports.models.report import ReportDraft, ReportVersion

    head = AuditEvent.objects.order_by("-seq").values_list("seq", "digest")[0]
    drafts = list(ReportDraft.objects.order_by("pk").values_list("pk", "revision", "own", "typed"))
    text = json.dumps(drafts, sort_keys=True, default=str)
    return {
        "head": list(head),
        "reports": sorted(ReportVersion.objects.values_list("sha256", flat=True)),
        "files": sorted(StoredFile.objects.values_list("sha256", flat=True)),
        "drafts": hashlib.sha256(text.encode()).hexdigest(),
    }


if __name__ == "__main__":
    sys.path.insert(0, ".")
    main(sys.argv[1])
