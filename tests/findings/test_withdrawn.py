"""Past findings that rest on what was taken back are told, and never changed."""

from pathlib import Path

from msgspec import structs

from quetsach.findings.folder import read_folder
from quetsach.findings.withdrawn import flag
from quetsach.indicators.model import (
    AllowDecision,
    Claim,
    Decision,
    Indicator,
    IndicatorKind,
    IndicatorStatus,
    MatchRule,
)
from quetsach.indicators.releases.lines import ReleaseEntry, Withdrawal
from tests.sweeping.evidence import HEADER, conn, swept, write

GONE, STILL = "203.0.113.77", "198.51.100.9"


def findings(tmp_path: Path) -> Path:
    """Three devices: one met both, one only what is gone, one only what is still listed."""
    lines = [
        conn(1, "10.0.0.1", GONE),
        conn(2, "10.0.0.1", STILL),
        conn(3, "10.0.0.2", GONE),
        conn(4, "10.0.0.2", GONE),
        conn(5, "10.0.0.3", STILL),
    ]
    log = write(tmp_path / "conn.log", HEADER + "".join(lines))
    swept(tmp_path, log, listed=f"{GONE}\n{STILL}\n")
    return tmp_path / "findings"


def entry(
    key: str, status: IndicatorStatus = IndicatorStatus.ACTIVE, replaced_by: str = ""
) -> ReleaseEntry:
    claim = Claim(status=status, replaced_by=replaced_by)
    return ReleaseEntry(Indicator(key, key, IndicatorKind.ADDRESS, MatchRule.EXACT, claim=claim))


def test_sightings_and_devices_that_rest_on_it_are_named(tmp_path: Path) -> None:
    folder = findings(tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    gone = structs.replace(
        entry(GONE, IndicatorStatus.WITHDRAWN), withdrawn=Withdrawal("2026-09-02", "d" * 64)
    )
    found = flag(read_folder(folder), [gone, entry(STILL)])
    (one,) = found.indicators
    assert (one.key, one.status, one.since) == (GONE, "withdrawn", "2026-09-02")
    assert one.devices == ("10.0.0.1", "10.0.0.2")
    assert len(set(one.sightings)) == found.sightings == 3
    assert (found.cleared, found.weaker) == (("10.0.0.2",), ("10.0.0.1",))
    numbers = {
        number
        for device in read_folder(folder).devices["devices"]
        for finding in device["findings"]
        for number in finding["samples"]
        if finding["key"] == GONE
    }
    assert numbers == set(one.sightings)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_replaced_and_dropped_ones_count_with_what_is_known_of_them(tmp_path: Path) -> None:
    decision = Decision(STILL, AllowDecision.DROP, "dùng chung", "2027-01-01", "2026-09-03")
    dropped = structs.replace(entry(STILL), decision=decision, dropped=True)
    found = flag(
        read_folder(findings(tmp_path)),
        [entry(GONE, IndicatorStatus.REPLACED, "n.example"), dropped],
    )
    by_key = {one.key: one for one in found.indicators}
    assert (by_key[GONE].status, by_key[GONE].replaced_by) == ("replaced", "n.example")
    assert (by_key[STILL].status, by_key[STILL].why) == ("dropped", "dùng chung")
    assert by_key[STILL].since == "2026-09-03"
    assert found.cleared == ("10.0.0.1", "10.0.0.2", "10.0.0.3")


def test_nothing_rests_on_what_still_holds_or_has_only_expired(tmp_path: Path) -> None:
    found = flag(
        read_folder(findings(tmp_path)), [entry(GONE, IndicatorStatus.EXPIRED), entry(STILL)]
    )
    assert (found.indicators, found.cleared, found.weaker, found.sightings) == ((), (), (), 0)
