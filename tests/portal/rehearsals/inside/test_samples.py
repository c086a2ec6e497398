"""The sample files are what they are called, whatever the list has."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from quetsach_portal.rehearsals.inside.samples import bytes_of, can_be_infected
from tests.portal.api.lists import publish
from tests.portal.world import World

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 9, 14, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def rows_of(content: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in content.splitlines()]


@pytest.mark.parametrize(
    ("listed", "met"),
    [
        ("bad.example\n203.0.113.77\nhttp://tai-ve.example/gate.php\n", {"bad.example"}),
        ("203.0.113.77\n198.51.100.0/24\n", {"203.0.113.77"}),
    ],
)
def test_one_machine_of_the_infected_sample_meets_the_list_and_none_of_the_clean_one(
    world: World, tmp_path: Path, listed: str, met: set[str]
) -> None:
    publish(world, tmp_path, listed)
    assert can_be_infected(world.campaign)
    name, content = bytes_of("infected", world.campaign, NOW)
    hits = [row for row in rows_of(content) if {row.get("query"), row["id.resp_h"]} & met]
    assert name == "mau-co-ma-doc.log"
    assert len(hits) > 5
    assert {row["id.orig_h"] for row in hits} == {"192.168.1.22"}
    clean = rows_of(bytes_of("clean", world.campaign, NOW)[1])
    assert not [row for row in clean if {row.get("query"), row["id.resp_h"]} & met]
    days = {datetime.fromtimestamp(row["ts"], NOW.tzinfo).date().isoformat() for row in clean}
    assert days == {"2026-09-13"}


@pytest.mark.parametrize("listed", ["", "http://tai-ve.example/gate.php\n"])
def test_without_names_and_addresses_there_is_no_infected_sample(
    world: World, tmp_path: Path, listed: str
) -> None:
    if listed:
        publish(world, tmp_path, listed)
    assert not can_be_infected(world.campaign)


def test_the_third_sample_is_no_text(world: World) -> None:
    content = bytes_of("unreadable", world.campaign, NOW)[1]
    with pytest.raises(UnicodeDecodeError):
        content.decode()
