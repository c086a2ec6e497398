"""How long a country's reports take to be added up again: `python -m bench.adding [UNITS]`."""

import hashlib
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence

from bench.reports_country import (
    Country,
    as_version,
    children_of,
    correct,
    make_country,
    recompute,
)
from quetsach.forms.adding import add_up
from quetsach.forms.definition import ReportFormDefinition
from quetsach.forms.reading import shipped_form
from quetsach.forms.version import read_version, version_json

UNITS = 50_000
ROUNDS = 3


def main() -> None:
    """Measure and print the figures, one a line."""
    units = int(sys.argv[1]) if len(sys.argv) > 1 else UNITS
    forms = (
        ("phu-luc-2022", shipped_form("phu-luc-2022"), units),
        # All 84 counts of 50,000 units would take more memory than such a machine has.
        ("phu-luc-mo-rong, all blocks", shipped_form("phu-luc-mo-rong"), units // 10),
    )
    print("| form | counts | units | what | seconds of one core, middle of three (least to most) |")
    print("|---|---|---|---|---|")
    for name, form, units in forms:
        country = make_country(form, units, seed=6)
        correct(country, units // 25, seed=7)
        for what, act in _acts(country, form):
            print(f"| {name} | {len(form.counts())} | {units:,} | {what} | {_timed(act)} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nMost memory: {peak:,.0f} MB")


def _acts(country: Country, form: ReportFormDefinition) -> list[tuple[str, Callable[[], object]]]:
    written = _written(country)
    last = country.latest(0)
    children = children_of(country, last.used)
    return [
        ("add up every unit again and compare", lambda: _none(recompute(country))),
        ("add up the root alone", lambda: add_up(form, last.own, children, last.adjustments)),
        ("read every version strictly", lambda: _read(written)),
    ]


def _read(written: Sequence[bytes]) -> None:
    for one in written:
        read_version(one)


def _none(found: Sequence[object]) -> None:
    assert not found, found[:3]


def _written(country: Country) -> list[bytes]:
    digests: dict[tuple[int, int], str] = {}
    for unit, versions in enumerate(country.versions):
        digests |= {(unit, one.number): f"{unit:064x}" for one in versions}
    units = range(len(country.children))
    written = [version_json(as_version(country, unit, digests)) for unit in units]
    assert len({hashlib.sha256(one).digest() for one in written}) == len(written)
    return written


def _timed(act: Callable[[], object]) -> str:
    taken = []
    for _round in range(ROUNDS):
        begun = time.process_time()
        act()
        taken.append(time.process_time() - begun)
    return f"{statistics.median(taken):.2f} ({min(taken):.2f} to {max(taken):.2f})"


if __name__ == "__main__":
    main()
