"""Contacts, handlings and days of evidence, made for tests."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from quetsach.verdicts.judge import judge
from quetsach.verdicts.model import (
    DayCoverage,
    DeviceVerdict,
    HandlingRecord,
    SideSignal,
    Signal,
    Thresholds,
    VerdictContact,
)
from tests.oracles.verdict import Case

DEVICE = "pc-1"
FIRST = date(2022, 9, 1)
OFFICE = frozenset(range(8, 17))


def day(number: int) -> str:
    """Return the day `number` of September 2022; what is past its end goes on in October."""
    return (FIRST + timedelta(days=number - 1)).isoformat()


def us(number: int, hour: int = 9) -> int:
    """Return a time of that day in us."""
    moment = datetime.combine(FIRST, datetime.min.time(), UTC)
    return round((moment + timedelta(days=number - 1, hours=hour)).timestamp()) * 1_000_000


def contact(number: int, kind: str = "dns", hour: int = 9, **more: Any) -> VerdictContact:
    """Return a contact on a day of September."""
    return VerdictContact(
        us(number, hour), day(number), kind, **{"indicator": "bad.example", **more}
    )


def untimed(kind: str = "dns") -> VerdictContact:
    """Return a contact whose record carries no time."""
    return VerdictContact(0, "", kind, indicator="bad.example")


def handling(number: int, hour: int = 12) -> HandlingRecord:
    """Return a handling on a day of September."""
    return HandlingRecord(us(number, hour), day(number))


def word(
    number: int, signal: Signal = Signal.SCAN, *, clean: bool = True, hour: int = 15
) -> SideSignal:
    """Return what a scan, a collection or a person says on a day of September."""
    return SideSignal(us(number, hour), day(number), signal, clean)


def covered(number: int, kind: str = "dns", **more: Any) -> DayCoverage:
    """Return a whole day of evidence on which the device was alive; `more` says otherwise."""
    facts: dict[str, Any] = {
        "unit": "",
        "lines": 900,
        "hours": OFFICE,
        "usual": OFFICE,
        "alive": frozenset({DEVICE}),
    }
    return DayCoverage(day(number), kind, **{**facts, **more})


_HOURS = st.frozensets(st.integers(8, 11), max_size=4)
_KINDS = st.sampled_from(["dns", "web"])
_UNITS = st.sampled_from(["", "school"])
_DAYS = st.integers(1, 12)

_CONTACTS = st.builds(
    contact,
    _DAYS,
    _KINDS,
    st.sampled_from([9, 12, 15]),
    unit=_UNITS,
    sure=st.sampled_from([True, True, True, False]),
)
_COVERAGE = st.one_of(
    st.builds(covered, _DAYS, _KINDS, unit=_UNITS),
    st.builds(
        covered,
        _DAYS,
        _KINDS,
        unit=_UNITS,
        lines=st.integers(0, 5),
        hours=_HOURS,
        usual=_HOURS,
        thin_hours=_HOURS,
        alive=st.sampled_from([frozenset({DEVICE}), frozenset({"pc-2"}), frozenset()]),
    ),
)
_WORDS = st.builds(word, _DAYS, st.sampled_from(Signal), clean=st.sampled_from([True, True, False]))
_MANY = st.builds(
    lambda kinds, first, last: [covered(one, kind) for kind in kinds for one in range(first, last)],
    st.lists(_KINDS, max_size=2),
    _DAYS,
    _DAYS,
)

CASES = st.builds(
    Case,
    device=st.just(DEVICE),
    contacts=st.lists(st.one_of(_CONTACTS, _CONTACTS, st.builds(untimed, _KINDS)), max_size=4),
    handlings=st.lists(st.builds(handling, _DAYS, st.sampled_from([9, 12, 15])), max_size=3),
    words=st.lists(_WORDS, max_size=2),
    coverage=st.builds(list.__add__, st.lists(_COVERAGE, max_size=8), _MANY),
    thresholds=st.builds(
        Thresholds, st.integers(1, 5), st.integers(1, 3), st.sampled_from([0.5, 0.75, 1.0])
    ),
    as_of=st.builds(day, st.integers(1, 14)),
)
"""Cases in which everything happens, within two weeks."""

QUIET_CASES = st.builds(
    lambda case, number, many: Case(
        case.device,
        [contact(1, one.kind, unit="") for one in case.contacts] or [contact(1)],
        [handling(number)],
        [],
        [*case.coverage, *many],
        case.thresholds,
        day(13),
    ),
    CASES,
    st.integers(1, 5),
    _MANY,
)
"""Cases in which a device fell silent after its handling, and may be clean."""


def said(case: Case) -> DeviceVerdict:
    return judge(
        case.device,
        case.contacts,
        case.handlings,
        case.words,
        case.coverage,
        case.thresholds,
        case.as_of,
    )


CLEAN = Case(
    DEVICE,
    [contact(5)],
    [handling(6)],
    [],
    [covered(one) for one in range(1, 14)],
    Thresholds(),
    day(14),
)
"""Met on the 5th, handled on the 6th; seven whole days are covered until the 13th."""
