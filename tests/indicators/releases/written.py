"""A release that is written and read back."""

from msgspec import structs

from quetsach.errors.exceptions import Problem
from quetsach.indicators.model import (
    AllowDecision,
    Claim,
    Decision,
    Indicator,
    IndicatorClass,
    IndicatorKind,
    IndicatorStatus,
    ListReading,
    MatchRule,
    Origin,
    Tlp,
)
from quetsach.indicators.releases.lines import ReleaseEntry, Withdrawal, sort_entries
from quetsach.indicators.releases.release import (
    Release,
)

CREATED = "2026-09-01T08:00:00+07:00"
CLAIM = Claim(
    IndicatorClass.C2,
    "Mirai",
    "đợt 3",
    80,
    Tlp.AMBER,
    IndicatorStatus.REPLACED,
    "new.example",
    1_788_225_322_000_001,
    None,
)
ORIGIN = Origin(
    "ds.csv", "a" * 64, 7, "xấu[.]example", "trang 2, bảng 1", "123/CATTT", CLAIM, MatchRule.EXACT
)
DECISION = Decision("198.51.100.9", AllowDecision.DROP, "ours", CREATED, CREATED, "CSIRT", ("cdn",))


def release() -> Release:
    """Return a release that uses every field."""
    name = Indicator(
        "bad.example", "Bad.example", IndicatorKind.NAME, MatchRule.BELOW, None, CLAIM, (ORIGIN,)
    )
    port = Indicator(
        "203.0.113.7:443", "203.0.113.7:443", IndicatorKind.ADDRESS, MatchRule.IP_PORT, 443
    )
    port = structs.replace(port, origins=(ORIGIN, Origin("b", "b" * 64, 1, "x")), decided="watch")
    gone = Indicator(
        "198.51.100.9", "198.51.100.9", IndicatorKind.ADDRESS, MatchRule.EXACT, origins=(ORIGIN,)
    )
    problem = Problem("E203", "ds.csv", {"seen": 3})
    return Release(
        CREATED,
        sort_entries(
            [
                ReleaseEntry(name, withdrawn=Withdrawal(CREATED, "c" * 64)),
                ReleaseEntry(structs.replace(port, allow_classes=("watch-only",))),
                ReleaseEntry(gone, DECISION, dropped=True),
            ]
        ),
        "Đợt 3",
        "2026",
        "d" * 64,
        (ListReading("ds.csv", "a" * 64, "csv", "ioc", 3, 2, 1, (problem,)),),
    )
