"""How long a country's reports take to be added up again: `python -m bench.reports [UNITS]`."""

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
from quetsach.forms.definition import Form
from quetsach.forms.reading import shipped_form
from quetsach.forms.version import read_version, version_json

UNITS = 50_000
CORRECTIONS = 2_000
ROUNDS = 3


def main() -> None:
    """Measure and print the figures, one a line."""
    units = int(sys.argv[1]) if len(sys.argv) > 1 else UNITS
    forms = (
        ("phu-luc-2022", shipped_form("phu-luc-2022")),
        ("phu-luc-mo-rong, all blocks", shipped_form("phu-luc-mo-rong")),
    )
    print("| form | counts | units | what | seconds, middle of three (least to most) |")
    print("|---|---|---|---|---|")
    for name, form in forms:
        country = make_country(form, units, seed=6)
        correct(country, CORRECTIONS, seed=7)
        for what, act in _acts(country, form):
            print(f"| {name} | {len(form.counts())} | {units:,} | {what} | {_timed(act)} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nMost memory: {peak:,.0f} MB")


def _acts(country: Country, form: Form) -> list[tuple[str, Callable[[], object]]]:
    written = _written(country)
    last = country.latest(0)
    children = children_of(country, last.used)
    return [
        ("add up every unit again and compare", lambda: _none(recompute(country))),
        ("add up the root alone", lambda: add_up(form, last.own, children, last.adjustments)),
        ("read every version strictly", lambda: [read_version(one) for one in written]),
    ]


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
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return f"{statistics.median(taken):.2f} ({min(taken):.2f} to {max(taken):.2f})"


if __name__ == "__main__":
    main()
