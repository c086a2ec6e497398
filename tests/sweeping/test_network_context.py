"""The network as a sweep sees it: translations followed from the outside inwards."""

from pathlib import Path
from zoneinfo import ZoneInfo

from quetsach.attribution.model import Certainty, OutsideEndpoint
from quetsach.clocks import MICROSECONDS
from quetsach.evidence.find import find_evidence
from quetsach.indicators.model import IndicatorSet
from quetsach.scanning.job import ScanJob, prepare
from quetsach.scanning.plan import make_plan
from quetsach.sweeping.network_context import TranslationChains, read_translations
from tests.scanning.test_translations import START_S, nat_line
from tests.sweeping.evidence import write

ASKED = OutsideEndpoint("198.51.100.5", 40112, (START_S + 1) * MICROSECONDS)


def _read(*logs: Path, asked: OutsideEndpoint = ASKED) -> TranslationChains:
    plan = make_plan(*find_evidence([str(log) for log in logs]), ZoneInfo("UTC"))
    return read_translations(plan, [asked], prepare(ScanJob(IndicatorSet(()))))


def test_two_translations_in_a_row_lead_to_the_machine_behind_both(tmp_path: Path) -> None:
    provider = write(tmp_path / "provider.log", nat_line(0, "100.64.7.9", 40112))
    line = nat_line(0, "192.168.1.20", 51544, "100.64.7.9").replace("sport=51544", "sport=4999")
    office = write(tmp_path / "office.log", line)
    (chain,) = _read(provider, office).chains(ASKED)
    assert [one.address for one in chain] == ["100.64.7.9", "192.168.1.20"]
    assert [
        one.place.path.endswith(name)
        for one, name in zip(chain, ("provider.log", "office.log"), strict=True)
        if one.place
    ]
    assert chain[-1].port == 4999


def test_without_the_inner_log_the_way_ends_at_the_router(tmp_path: Path) -> None:
    provider = write(tmp_path / "provider.log", nat_line(0, "100.64.7.9", 40112))
    (chain,) = _read(provider).chains(ASKED)
    assert [one.address for one in chain] == ["100.64.7.9"]
    assert chain[0].grade is Certainty.CERTAIN


def test_a_ring_of_translations_ends(tmp_path: Path) -> None:
    there = write(tmp_path / "a.log", nat_line(0, "100.64.7.9", 40112))
    back = write(tmp_path / "b.log", nat_line(0, "198.51.100.5", 51544, "100.64.7.9"))
    assert _read(there, back).chains(ASKED) is not None


def test_an_address_that_no_log_knows_has_no_way(tmp_path: Path) -> None:
    log = write(tmp_path / "a.log", nat_line(0, "10.0.0.5", 40112))
    other = OutsideEndpoint("198.51.100.9", 40112, ASKED.when_us)
    assert _read(log, asked=other).chains(other) == []
