"""E2 and E3 of a country: a backup, its restoring elsewhere, and an upgrade over open reports.

`python -m bench.portal_restore [units]` needs a DATABASE_URL to an empty database. It writes a
report of each unit and opens a draft in each slot, keeps all with `manage backup`, restores it into
another database and home as docs/deploying.md says, and lets the restored portal be held against
the backup. Then it changes the tables of drafts, slots and reports as an upgrade would, and looks
whether a draft was lost.
"""

import os
import random
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bench.portal_tree import make_tree, seconds

if TYPE_CHECKING:
    from quetsach_portal.campaigns.models.campaign import Campaign


def main(arguments: Sequence[str]) -> int:
    """Build, keep, restore, upgrade, print."""
    units = int(arguments[0]) if arguments else 50_000
    folder = Path(tempfile.mkdtemp(prefix="bench-portal-"))
    os.environ["QUETSACH_HOME"] = str(folder / "home")
    os.environ["DJANGO_SETTINGS_MODULE"] = "quetsach_portal.config.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench.portal_reports import write_reports

    call_command("migrate", verbosity=0)
    campaign, owner = make_tree(units, phases=1)
    write_reports(campaign, owner, random.Random(1))
    open_drafts(campaign)
    if connection.vendor == "postgresql":
        place = connection.settings_dict
        os.environ.update(PGHOST=str(place["HOST"]), PGUSER=str(place["USER"]))
    took, _nothing = seconds(lambda: call_command("backup", folder / "kept"))
    print(f"{connection.vendor}: kept in {took:.1f} s", flush=True)
    took, environment = seconds(lambda: restore(folder / "kept", folder / "again"))
    print(f"restored in {took:.1f} s", flush=True)
    for words in (("backup", "--check", str(folder / "kept")), ("audit", "verify")):
        took, _nothing = seconds(lambda words=words: manage(environment, *words))
        print(f"manage {words[0]} {words[1]}: {took:.1f} s", flush=True)
    took, _nothing = seconds(upgrade)
    print(f"columns added to slots, drafts, versions and figures: {took:.1f} s", flush=True)
    return 0


def open_drafts(campaign: "Campaign") -> None:
    """Begin a draft in each slot."""
    from quetsach_portal.campaigns.models.campaign import ExpectedReport
    from quetsach_portal.reports.models.report import ReportDraft

    slots = ExpectedReport.objects.filter(phase__campaign=campaign).values_list("pk", flat=True)
    drafts = [
        ReportDraft(slot_id=slot, typed={"people_took_part": str(slot % 97)}) for slot in slots
    ]
    ReportDraft.objects.bulk_create(drafts, batch_size=1000)


def restore(kept: Path, home: Path) -> dict[str, str]:
    """Do what docs/deploying.md says, and return the environment of the restored portal."""
    home.mkdir()
    with tarfile.open(kept / "home.tar") as tar:
        tar.extractall(home, filter="data")
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        (kept / "portal.sqlite3").rename(home / "portal.sqlite3")
        return {"QUETSACH_HOME": str(home)}
    subprocess.run(["createdb", "restored"], check=True)
    words = ["pg_restore", "--no-owner", "--dbname=restored", str(kept / "portal.dump")]
    subprocess.run(words, check=True)
    return {
        "QUETSACH_HOME": str(home),
        "DATABASE_URL": url.replace(urlsplit(url).path, "/restored"),
    }


def manage(environment: dict[str, str], *words: str) -> None:
    """Run a command of the restored portal, which must end well."""
    command = [sys.executable, "-m", "quetsach_portal.manage", *words]
    subprocess.run(command, env={**os.environ, **environment}, check=True)


def upgrade() -> None:
    """Add a column with a value to each table of reports; stop where a draft is not as it was."""
    from django.db import connection, models

    from quetsach_portal.campaigns.models.campaign import ExpectedReport
    from quetsach_portal.reports.models.report import ReportDraft, ReportFigure, ReportVersion

    before = _drafts()
    for model in (ExpectedReport, ReportDraft, ReportVersion, ReportFigure):
        note = models.TextField(default="-")
        note.set_attributes_from_name("of_the_next_release")
        with connection.schema_editor() as editor:
            editor.add_field(model, note)
    if _drafts() != before:
        raise SystemExit("A draft is not as it was.")


def _drafts() -> str:
    from quetsach_portal.reports.models.report import ReportDraft

    rows = ReportDraft.objects.order_by("pk").values_list("pk", "slot_id", "typed", "revision")
    return sha256(repr(list(rows)).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
