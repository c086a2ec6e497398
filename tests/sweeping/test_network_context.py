"""The network as a sweep sees it: translations followed from the outside inwards."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from quetsach.attribution.lease_history import LeaseHistory
from quetsach.attribution.model import Certainty, OutsideEndpoint
from quetsach.clocks import MICROSECONDS
from quetsach.evidence.find import find_evidence
from quetsach.indicators.model import IndicatorSet
from quetsach.scanning.job import ScanJob, prepare
from quetsach.scanning.plan import make_plan
from quetsach.schema import LEASE
from quetsach.sweeping.evidence_checks import with_servers
from quetsach.sweeping.gather import rows_of
from quetsach.sweeping.network_context import TranslationChains, lease_rows, read_translations
from tests.attribution.lease_rows import ADDRESS, HOUR, A, B, Record, table
from tests.scanning.test_translations import START_S, nat_line
from tests.sweeping.evidence import write

SOFTWARE = ["isc-leases", "kea-leases"]

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


def test_each_text_of_leases_is_kept_once_and_their_holders_are_the_same(tmp_path: Path) -> None:
    records = [
        Record(hour, (A, B)[hour % 2], name=f"pc-{hour % 3}", file=hour % 2, offset=hour)
        for hour in range(12)
    ]
    spools = []
    for number in range(3):
        path = tmp_path / f"{number}.arrow"
        with pa.ipc.new_stream(path, LEASE) as stream:
            stream.write_table(table(records[4 * number : 4 * number + 4]), max_chunksize=3)
        spools.append((number, path))
    kept, plain = lease_rows(spools), rows_of(spools, LEASE)
    assert kept.to_pylist() == plain.to_pylist()
    told = [with_servers(one, SOFTWARE) for one in (kept, plain)]
    assert told[0].to_pylist() == told[1].to_pylist()
    assert {*told[0]["server"].to_pylist()} == {"ISC dhcpd", "Kea"}
    histories = [LeaseHistory(one, SOFTWARE) for one in told]
    for hour in range(14):
        holders = [one.holder(ADDRESS, hour * HOUR + 1) for one in histories]
        assert holders[0] == holders[1]
    assert lease_rows([]).to_pylist() == []
