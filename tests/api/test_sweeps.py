"""What is to be swept: each value is checked before anything is read, under its option's name."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from quetsach.api import sweeps
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import read_folder
from quetsach.scanning.job import INSIDE
from quetsach.sweeping.sweep import sweep
from tests.sweeping.evidence import swept, write


def _request(tmp_path: Path, **more: Any) -> sweeps.SweepRequest:
    listed = write(tmp_path / "list.txt", "bad.example\n192.0.2.1\n10.9.9.9\n")
    return sweeps.sweep_request(evidence=["x.log"], lists=[listed], **more)


@pytest.mark.parametrize(
    ("more", "option"),
    [
        ({"zone": "Mars/Base"}, "--zone"),
        ({"zone": "../../etc/passwd"}, "--zone"),
        ({"zone": ""}, "--zone"),
        ({"inside": ["10.0.0.0/33"]}, "--inside"),
        ({"inside": ["office"]}, "--inside"),
        ({"since": "yesterday"}, "--since"),
        ({"until": "2022-13-01"}, "--until"),
        ({"accept_doubtful": " "}, "--accept-doubtful"),
    ],
)
def test_a_wrong_value_is_an_error_of_its_option(
    more: dict[str, Any], option: str, tmp_path: Path
) -> None:
    with pytest.raises(QuetsachError) as caught:
        _request(tmp_path, **more)
    assert (caught.value.problem.code, caught.value.problem.where) == ("E601", option)


def test_a_time_without_offset_is_meant_in_the_zone_of_the_sweep(tmp_path: Path) -> None:
    second_us = 1_000_000
    local = _request(tmp_path, since="2022-09-12T07:00", until="2022-09-12T07:00:00+00:00")
    assert local.options.since_us == 1_662_940_800 * second_us
    assert local.options.until_us == (1_662_940_800 + 7 * 3600) * second_us
    assert _request(tmp_path, since="2022-09-12", zone="UTC").options.since_us == (
        1_662_940_800 * second_us
    )


def test_own_networks_take_the_place_of_the_private_ranges(tmp_path: Path) -> None:
    assert _request(tmp_path).options.inside == INSIDE
    assert _request(tmp_path, inside=["192.0.2.7/24"]).options.inside == ("192.0.2.0/24",)


def test_own_and_private_addresses_are_no_indicators_unless_they_are_meant(tmp_path: Path) -> None:
    def keys(**more: Any) -> set[str]:
        return {one.key for one in _request(tmp_path, **more).indicators.indicators}

    assert keys() == {"bad.example", "192.0.2.1"}
    assert keys(inside=["192.0.2.0/24"]) == {"bad.example"}
    assert keys(accept_private=True) == {"bad.example", "192.0.2.1", "10.9.9.9"}


def test_findings_get_a_folder_of_their_own_unless_one_is_named(tmp_path: Path) -> None:
    assert _request(tmp_path, out=tmp_path / "x").target == tmp_path / "x"
    assert _request(tmp_path).target.name.startswith("findings-2")


def test_two_sweeps_at_once_get_folders_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lists = tmp_path / "list.txt"
    lists.write_text("bad.example\n")
    targets = []
    for _ in range(3):
        request = sweeps.sweep_request(evidence=["x.log"], lists=[lists])
        request.target.mkdir()
        targets.append(request.target)
    assert len(set(targets)) == 3


def test_masked_findings_hold_no_person(tmp_path: Path) -> None:
    raw = tmp_path / "access.log"
    raw.write_text(
        'c-ip=10.20.3.41 cs-host=bad.example cs-username=an.nt s-action=X c-url="http://bad.example/"\n'
        "1788225322.001 7 10.20.3.41 TCP_MISS/200 5 GET http://bad.example/ xa\\an.nt DIRECT/- -\n"
        "seen bad.example by an.nt@trang.example\n",
        encoding="utf-8",
    )
    listed = write(tmp_path / "list.txt", "bad.example\n")
    request = sweeps.sweep_request(
        evidence=[str(raw)], lists=[listed], out=tmp_path / "out", mask_persons=True
    )
    sweep(request)
    table = pq.read_table(tmp_path / "out" / "sightings.parquet")
    assert table.num_rows >= 3
    written = str(table.to_pylist())
    written += "".join(
        path.read_text(encoding="utf-8")
        for path in (tmp_path / "out").iterdir()
        if path.suffix in (".json", ".html")
    )
    assert "an.nt" not in written
    assert "bad.example" in written


UTC_LINES = "".join(
    f"2022-09-12T0{hour}:30:00{{zone}} fw1 dnsmasq[7]: query[A] bad.example from 10.0.0.{hour}\n"
    for hour in range(1, 6)
)


def _times(tmp_path: Path, name: str, text: str, **more: Any) -> list[tuple[Any, ...]]:
    log = write(tmp_path / name / "office.zip.d" / "dns.log", text)
    swept(tmp_path, log, listed="bad.example\n", out=tmp_path / f"out-{name}", **more)
    table = pq.read_table(tmp_path / f"out-{name}" / "sightings.parquet")
    columns = (table.column(name).to_pylist() for name in ("@timestamp", "source.ip"))
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize(
    ("zone", "offset"), [("UTC", "Z"), ("Asia/Tokyo", "+09:00"), ("-03:30",) * 2]
)
def test_a_declared_zone_gives_what_the_same_log_says_with_its_offset(
    tmp_path: Path, zone: str, offset: str
) -> None:
    told = _times(tmp_path, "told", UTC_LINES.format(zone=offset))
    declared = sweeps.declared_source({"path": "office.zip.d/*.log", "zone": zone})
    bare = _times(tmp_path, "bare", UTC_LINES.format(zone=""), sources=[declared])
    assert bare == told
    assert len(told) == 5


_LOG = "".join(
    f'{{"timestamp":"2026-11-30T08:15:0{n}.000000+0700","event_type":"dns","src_ip":"10.0.2.{n}",'
    f'"src_port":53000,"dest_ip":"10.0.0.53","dest_port":53,"proto":"UDP",'
    f'"dns":{{"type":"query","rrname":"{name}","rrtype":"A"}}}}\n'
    for n, name in enumerate(("facebook.com", "facebook.com", "evil.example"), start=1)
)


@pytest.mark.parametrize("lines", [1, 100])
def test_what_everybody_uses_accuses_nobody_unless_a_person_says_why(
    lines: int, tmp_path: Path
) -> None:
    log = write(tmp_path / "eve.json", _LOG * lines)
    listed = write(tmp_path / "list.txt", "facebook.com\nevil.example\n")

    def devices(name: str, **more: Any) -> dict[str, list[str]]:
        request = sweeps.sweep_request(
            evidence=[str(log)], lists=[listed], out=tmp_path / name, workers=1, **more
        )
        summary = sweep(request)
        return {
            part: sorted(one["device"] for one in summary[part])
            for part in ("devices", "not_blamed")
        }

    held = {"devices": ["10.0.2.3"], "not_blamed": ["10.0.2.1", "10.0.2.2"]}
    assert devices("held") == held
    assert "accept_doubtful" not in read_folder(tmp_path / "held").manifest["options"]
    every = devices("accepted", accept_doubtful="a drill,\n on purpose")
    assert every == {"devices": ["10.0.2.1", "10.0.2.2", "10.0.2.3"], "not_blamed": []}
    options = read_folder(tmp_path / "accepted").manifest["options"]
    assert options["accept_doubtful"] == "a drill, on purpose"
    assert "a drill, on purpose" in (tmp_path / "accepted/report.html").read_text()
