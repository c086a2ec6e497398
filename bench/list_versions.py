"""A second version of a list over all evidence that is kept: 37 units, 30 days each.

`python -m bench.list_versions [units] [lines]` hands in made-up logs of so many units (so many
lines a day each) through the portal, puts a second version in force by two people and measures how
long it takes until each unit's kept days were matched again; only rows that are new may be looked
for. A third version then takes a row back: no sighting, case or figure of it may go on unmarked.
Returns 1 where that is not so or takes more than ten minutes.
"""

import io
import os
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from typing import Any

DAYS, MOST_S = 30, 600
FIRST, SECOND = "203.0.113.77", "198.51.100.9"
MEETS_FIRST, MEETS_SECOND = 5, 7
"""Machines 5 and 7 of each unit meet the row of the first and of the second version, each day."""


def main(arguments: Sequence[str]) -> int:
    """Make, sweep, put in force, compare, print."""
    units = int(arguments[0]) if arguments else 37
    lines = int(arguments[1]) if len(arguments) > 1 else 2000
    with tempfile.TemporaryDirectory(prefix="bench-list-versions-") as home:
        os.environ |= {
            "QUETSACH_HOME": home,
            "QUETSACH_SECOND_FACTOR": "off",
            "QUETSACH_HOSTS": "testserver",
            "DJANGO_SETTINGS_MODULE": "quetsach_portal.config.settings",
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        problems = _versions(units, lines)
    for problem in problems:
        print(f"WRONG: {problem}")
    return 1 if problems else 0


def _versions(units: int, lines: int) -> list[str]:
    from quetsach_portal.cases.models.case import Case, Finding
    from quetsach_portal.lifecycle.recount import recount
    from quetsach_portal.lists.models import VersionNode
    from tests.portal.lists.versions import put_in_force

    world = _world(units)
    put_in_force(world, f"{FIRST}\n")
    size, took = _hand_in(world, units, lines)
    print(
        f"{units} units, {DAYS} days, {units * DAYS * lines:,} lines, {size / 1e6:.0f} MB: "
        f"swept in {took:.0f} s"
    )
    problems = _differ("cases of version 1", Case.objects.count(), units)
    begun = time.perf_counter()
    second = put_in_force(world, f"{FIRST}\n{SECOND}\n")
    took = time.perf_counter() - begun
    matched = VersionNode.objects.filter(version=second, matched_at__isnull=False, left=0).count()
    print(f"version 2: checked, tried, in force and matched over {matched} units in {took:.0f} s")
    problems += _differ("units matched again", matched, units)
    problems += _differ("cases after version 2", Case.objects.count(), 2 * units)
    problems += _differ("rows looked for", _rows(second), 1)
    old = Finding.objects.filter(key=FIRST)
    problems += _differ("sightings of row 1", sum(row.sightings for row in old), units * DAYS)
    problems += [f"{took:.0f} s, more than {MOST_S}"] if took > MOST_S else []
    begun = time.perf_counter()
    put_in_force(world, f"{SECOND}\n")
    print(f"version 3, which takes a row back: {time.perf_counter() - begun:.0f} s")
    gone = Finding.objects.filter(key=FIRST)
    problems += _differ("findings not marked", gone.filter(withdrawn=False).count(), 0)
    still = Case.objects.filter(device__findings__key=FIRST, closed_at__isnull=True).count()
    problems += _differ("cases that still rest on it", still, 0)
    ended = Case.objects.filter(outcome="withdrawn").count()
    problems += _differ("cases ended as withdrawn", ended, units)
    problems += _differ("figures that differ", len(recount(world.campaign)), 0)
    print(f"{gone.count()} findings marked, {ended} cases ended, counters as counted anew")
    return problems


def _differ(name: str, count: int, wanted: int) -> list[str]:
    return [] if count == wanted else [f"{name}: {count}, not {wanted}"]


def _world(units: int) -> Any:
    from quetsach_portal.units.models import UnitKind
    from tests.portal.world import make_campaign, make_unit, make_world

    world = make_world(live=False)
    for number in range(units):
        code = f"X{number:03}"
        world.units[code] = make_unit(code, world.units["TC"], UnitKind.COMMUNE)
    make_campaign(world)
    return world


def _hand_in(world: Any, units: int, lines: int) -> tuple[int, float]:
    """Let each unit hand in its days; return their bytes, and the seconds of the sweeps."""
    from tests.portal.intake.handing_in import hand_in
    from tests.portal.working import run_ready

    packed, size = _packed(lines)
    for number in range(units):
        hand_in(world, {"logs.zip": packed}, code=f"X{number:03}")
    begun = time.perf_counter()
    run_ready()
    return size * units, time.perf_counter() - begun


def _packed(lines: int) -> tuple[bytes, int]:
    from tests.sweeping.evidence import HEADER, conn

    content, size = io.BytesIO(), 0
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for day in range(DAYS):
            step = 80_000 // lines
            rows = [
                conn(86_400 * day + step * turn, f"10.0.0.{turn % 200 + 20}", "192.0.2.200")
                for turn in range(lines - 2)
            ]
            rows.append(conn(86_400 * day + 80_001, f"10.0.0.{MEETS_FIRST}", FIRST))
            rows.append(conn(86_400 * day + 80_002, f"10.0.0.{MEETS_SECOND}", SECOND))
            text = HEADER + "".join(rows)
            size += len(text)
            archive.writestr(f"day-{day:02}/conn.log", text)
    return content.getvalue(), size


def _rows(version: Any) -> int:
    """Return how many rows were looked for in evidence that was swept before."""
    from quetsach_portal.files.storage import path_of

    lines = path_of(version.fresh).read_text(encoding="utf-8").splitlines()
    return sum('"value"' in line or '"key"' in line for line in lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
