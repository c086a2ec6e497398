"""The demo's notices, handed in once at the lead office, lead to the machines of their units."""

import csv
import json
import os
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from quetsach.demo.district import build_district
from quetsach.sandbox.warm import kept_warm
from quetsach_portal.cases.models.case import Case
from quetsach_portal.intake.sandboxed import LOADED_AHEAD
from quetsach_portal.ranges.answer_files import as_json
from tests.portal.ranges.asked import approved, evidence, handed_in
from tests.portal.world import World, make_campaign, make_unit

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.walk,
    pytest.mark.skipif(
        os.environ.get("QUETSACH_WALK") != "whole", reason="16 traces; asked in make check-whole"
    ),
]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _district(place: Path) -> World:
    """Return the demo's units, each with its public address, and the logs of those noticed."""
    world = World(units={"TC": make_unit("TC")})
    rows = _rows(place / "units.csv")
    for row in rows:
        world.units[row["code"]] = make_unit(row["code"], world.units["TC"])
    make_campaign(world)
    noticed = {row["ip"] for row in _rows(place / "notices/canh-bao.csv")}
    for row in rows:
        approved(world, row["code"], row["public"])
        if row["public"] in noticed:
            evidence(world, row["code"], place / "evidence" / row["folder"])
    approved(world, "", "203.0.113.200")
    return world


def test_each_notice_leads_to_its_units_machine_or_is_not_ours(tmp_path: Path) -> None:
    place = tmp_path / "d"
    # Logs that write no year are read by that of the file, which is this one.
    week = timezone.localdate() - timedelta(days=7)
    build_district(place, 2022, "small", None, week=week)
    truth = json.loads((place / "truth.json").read_text())["notices"]
    world = _district(place)
    with kept_warm([LOADED_AHEAD]):
        batch = handed_in(world, (place / "notices/canh-bao.csv").read_bytes())
    answer = as_json(batch)
    assert Counter(one["state"] for one in answer["notices"]) == {
        "found": 16,
        "not-ours": 1,
        "rejected": 1,
    }
    keys = {case.number: case.device.key for case in Case.objects.select_related("device")}
    for told, true in zip(answer["notices"], truth, strict=True):
        if true["kind"] == "ours":
            assert told["units"] == [world.units[true["unit"]].name]
            key = keys[told["proof"].removeprefix("case ").removeprefix("vụ việc ")]
            assert true["who"] in key or true["address"] == key
