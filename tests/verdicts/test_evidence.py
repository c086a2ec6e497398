"""Several sweeps together: clocks set right, files counted once, forged findings named."""

import itertools
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quetsach.api import verdicts
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import digests_of, write_json
from quetsach.schema import SIGHTING
from quetsach.verdicts.model import DeviceState
from tests.verdicts.cases import day
from tests.verdicts.folders import Log, Seen, findings
from tests.verdicts.weeks import AFTER, BEFORE, forged, handled, weeks


def with_clock(folder: Path, path: str, ahead_s: float, *, used: bool = True) -> Path:
    """Return the findings, with the clock of a source ahead by so many seconds."""
    coverage = json.loads((folder / "coverage.json").read_bytes())
    coverage["clocks"] = [{"path": path, "offset_s": ahead_s, "used": used}]
    write_json(folder / "coverage.json", coverage)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    write_json(folder / "manifest.json", {**manifest, "files": digests_of(folder)})
    return folder


def test_a_contact_that_a_late_clock_puts_before_the_handling_reopens(tmp_path: Path) -> None:
    table = handled(tmp_path, "PC-1;06/09/2022 14:00;")
    first, second = weeks(tmp_path)
    late = [Log("dns.3.log", [], lines=0), Log("dns.4.log", [day(2)])]
    third = findings(tmp_path / "w3", late, [Seen(f"{day(2)} 10:15", log=1)])
    folders = [first, second, with_clock(third, "dns.4.log", -13 * 86_400.0)]
    report = verdicts.verdicts(folders, handled=table, as_of=day(24))
    assert report.devices[0][1].state is DeviceState.RECURRED
    assert report.devices[0][1].since_day == day(15)


def test_days_that_an_early_clock_puts_after_the_handling_prove_nothing(tmp_path: Path) -> None:
    table = handled(tmp_path, "PC-1;06/09/2022 14:00;")
    first, second = weeks(tmp_path)
    folders = [first, with_clock(second, "dns.2.log", 14 * 86_400.0)]
    report = verdicts.verdicts(folders, handled=table, as_of=day(24))
    assert report.devices[0][1].state is DeviceState.QUIET_NOT_PROVEN


def test_a_week_in_which_it_asked_a_public_resolver_unseen_proves_nothing(tmp_path: Path) -> None:
    table = handled(tmp_path, "PC-1;06/09/2022 14:00;")
    first, second = weeks(tmp_path)
    spots = [{"device": "pc-1", "address": "10.0.0.5", "resolver": "dns.google"}]
    for device, state in (
        ("pc-2", DeviceState.VERIFIED_CLEAN),
        ("pc-1", DeviceState.QUIET_NOT_PROVEN),
    ):
        coverage = json.loads((second / "coverage.json").read_bytes())
        path = coverage["sources"][0]["path"]
        coverage["blind_spots"] = [{**spots[0], "device": device, "path": path}]
        write_json(second / "coverage.json", coverage)
        manifest = json.loads((second / "manifest.json").read_bytes())
        write_json(second / "manifest.json", {**manifest, "files": digests_of(second)})
        report = verdicts.verdicts([first, second], handled=table, as_of=day(24))
        assert report.devices[0][1].state is state
    assert "public DNS resolver" in " ".join(report.devices[0][1].missing)


def test_an_impossible_clock_changes_nothing(tmp_path: Path) -> None:
    table = handled(tmp_path, "PC-1;06/09/2022 14:00;")
    first, second = weeks(tmp_path)
    for ahead in (1e300, -1e300):
        folders = [first, with_clock(second, "dns.2.log", ahead)]
        report = verdicts.verdicts(folders, handled=table, as_of=day(24))
        assert report.devices[0][1].state is DeviceState.VERIFIED_CLEAN


def test_the_order_of_the_folders_does_not_matter(tmp_path: Path) -> None:
    folders = weeks(tmp_path)
    again = findings(tmp_path / "w3", [Log("dns.2.log", AFTER)], [Seen(f"{day(12)} 09:00")])
    answers = {
        json.dumps(verdicts.verdicts(one, as_of=day(24)).to_json(), sort_keys=True)
        for one in itertools.permutations([*folders, again])
    }
    assert len(answers) == 1


def test_one_file_in_two_sweeps_counts_once(tmp_path: Path) -> None:
    log = Log("dns.log", BEFORE)
    seen = [Seen(f"{day(5)} 10:15", device="10.0.0.5")]
    first = findings(tmp_path / "w1", [log], seen)
    surer = Seen(f"{day(5)} 10:15", more={"quetsach.device.grade": "certain"})
    second = findings(tmp_path / "w2", [log, Log("dns-b.log", BEFORE)], [surer])
    report = verdicts.verdicts([first, second], as_of=day(24))
    assert [verdict.device for _unit, verdict in report.devices] == ["pc-1"]
    assert report.units[0].sources == 2


def test_a_contact_of_an_address_that_may_be_anybodys_is_no_infection(tmp_path: Path) -> None:
    seen = [Seen(f"{day(5)} 10:00", more={"quetsach.device.grade": "ambiguous"})]
    folder = findings(tmp_path / "w1", [Log("dns.log", BEFORE)], seen)
    assert verdicts.verdicts([folder], as_of=day(24)).devices[0][1].state is DeviceState.CANNOT_TELL


def test_a_service_on_an_allow_list_reopens_no_case(tmp_path: Path) -> None:
    seen = [
        Seen(f"{day(5)} 10:00"),
        Seen(f"{day(8)} 10:00", more={"quetsach.indicator.allow": ["top-sites"]}),
    ]
    folder = findings(tmp_path / "w1", [Log("dns.log", [*BEFORE, *AFTER])], seen)
    table = handled(tmp_path, "10.0.0.5;06/09/2022;")
    report = verdicts.verdicts([folder], handled=table, as_of=day(24))
    assert report.devices[0][1].state is DeviceState.QUIET_NOT_PROVEN


def test_findings_that_do_not_tell_who_was_alive_prove_nothing(tmp_path: Path) -> None:
    logs = [Log("dns.log", [*BEFORE, *AFTER])]
    folder = findings(tmp_path / "w1", logs, [Seen(f"{day(5)} 10:15")], with_alive=False)
    table = handled(tmp_path, "pc-1;06/09/2022;")
    report = verdicts.verdicts([folder], handled=table, as_of=day(24))
    assert report.devices[0][1].state is DeviceState.QUIET_NOT_PROVEN
    assert [one.code for one in report.problems] == ["E312"]
    assert report.exit_code == 3


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("coverage.json", b"{}"),
        ("coverage.json", b'{"sources": [{"path": "x"}]}'),
        (
            "coverage.json",
            b'{"sources": [{"path": "x", "sha256": "1", "dataset": "zeek.dns", '
            b'"duplicate_of": null, "hours": {"soon": 1}}]}',
        ),
        ("devices.json", b'{"devices": [{"device": 5}]}'),
        ("sightings.parquet", b"PAR1"),
        ("alive.parquet", b"PAR1"),
    ],
)
def test_forged_findings_are_named_as_damaged(tmp_path: Path, name: str, content: bytes) -> None:
    folder = forged(weeks(tmp_path)[0], name, content)
    with pytest.raises(QuetsachError, match="E305"):
        verdicts.verdicts([folder], as_of=day(24))


def test_sightings_that_tell_nothing_are_no_crash(tmp_path: Path) -> None:
    names = [one for one in SIGHTING.names if one not in ("quetsach.device", "@timestamp")]
    empty = dict.fromkeys([one for one in names if one != "quetsach.device.role"])
    folder = findings(
        tmp_path / "w1",
        [Log("dns.log", BEFORE)],
        [Seen(None, more={**empty, "quetsach.device.address": ""}), Seen(f"{day(5)} 10:00")],
    )
    table = pq.read_table(folder / "sightings.parquet").to_pylist()
    table[0].update(empty)
    pq.write_table(pa.Table.from_pylist(table, SIGHTING), tmp_path / "empty.parquet")
    forged(folder, "sightings.parquet", (tmp_path / "empty.parquet").read_bytes())
    report = verdicts.verdicts([folder], roots=[tmp_path], as_of=day(24))
    assert report.devices[0][1].state is DeviceState.INFECTED
