"""E3: an upgrade while reports are open loses no draft, and versions stay as they were."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, models

from quetsach_portal.reports.models.report import ReportDraft, ReportVersion
from tests.portal.reports.acting import numbers, submitted, written
from tests.portal.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="copies the file of the database"),
]


@pytest.fixture
def upgraded(world: World, tmp_path: Path) -> Iterator[str]:
    """The name of another database, a copy of this one with drafts and a version in it."""
    for code in ("TC01A", "TC02"):
        written(world, code, numbers(people="7"))
    submitted(world, "TC01")
    settings = deepcopy(connection.settings_dict)
    settings["NAME"] = str(tmp_path / "upgraded.sqlite3")
    connections.settings["upgraded"] = settings
    other = connections["upgraded"]
    # Of the tests only: asked by its name Django would refuse a database that is not theirs.
    other.connect()
    connection.connection.backup(other.connection)
    yield "upgraded"
    other.close()
    del connections["upgraded"], connections.settings["upgraded"]


def drafts(database: str) -> list[dict[str, object]]:
    return list(ReportDraft.objects.using(database).order_by("pk").values())


def test_E3_open_drafts_outlive_an_upgrade_and_versions_stay_guarded(upgraded: str) -> None:
    before = drafts(upgraded)
    assert len(before) == 2
    call_command("migrate", "reports", "0001", database=upgraded, verbosity=0)
    _remade(upgraded)
    call_command("migrate", database=upgraded, verbosity=0)
    assert drafts(upgraded) == before == drafts("default")
    with pytest.raises(DatabaseError, match="never changes"):
        ReportVersion.objects.using(upgraded).update(payload="{}")


def _remade(database: str) -> None:
    """Add a column to the drafts and take it away: SQLite writes the whole table anew for each."""
    note = models.TextField(default="-")
    note.set_attributes_from_name("of_the_next_release")
    for change in ("add_field", "remove_field"):
        with connections[database].schema_editor() as editor:
            getattr(editor, change)(ReportDraft, note)
