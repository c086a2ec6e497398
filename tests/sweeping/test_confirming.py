"""An alert, or a policy zone's line, of a contact that a log shows too is counted once."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from quetsach.api.ledger import import_ledger
from quetsach.formats.dialects.indexing import shipped_index
from quetsach.sweeping.confirming import CONFIRMING
from tests.sweeping.evidence import swept, write

BIND = "01-Sep-2026 08:15:{:06.3f} {}: info: client @0x7f62b80115d0 {}#5557{} (a.bad.example): {}\n"


def question(second: float, client: str = "10.20.3.41") -> str:
    said = "query: a.bad.example IN A +E(0)K (10.20.1.53)"
    return BIND.format(second, "queries", client, 5, said)


def rewrite(second: float, client: str = "10.20.3.41", act: str = "PASSTHRU") -> str:
    said = f"rpz QNAME {act} rewrite a.bad.example/A/IN via a.bad.example.rpz.local"
    return BIND.format(second, "rpz", client, 5, said)


def eve(kind: str, second: int, port: int, **sections: Any) -> str:
    ends = {"src_ip": "10.20.3.41", "src_port": port, "dest_ip": "203.0.113.77", "dest_port": 443}
    when = f"2026-09-01T08:{second // 60:02}:{second % 60:02}.000000+0700"
    return json.dumps({"timestamp": when, "event_type": kind, **ends, "proto": "TCP", **sections})


def page(folder: Path) -> dict[str, Any]:
    path = folder / "findings" / "confirmed.json"
    return dict(json.loads(path.read_text())) if path.exists() else {"count": 0, "records": []}


@pytest.mark.parametrize(
    ("lines", "sightings"),
    [
        ((question(22), rewrite(22.001)), 1),
        ((rewrite(22.001), question(22)), 1),
        ((question(22), rewrite(22.001, act="NXDOMAIN"), rewrite(23)), 1),
        ((question(22), question(22.001)), 2),
        ((question(22), rewrite(24.5)), 2),
        ((question(22), rewrite(22, "10.20.3.42")), 2),
        ((rewrite(22), rewrite(22.5)), 2),
        ((rewrite(22),), 1),
    ],
)
def test_what_a_zone_says_of_a_logged_question_is_not_added(
    tmp_path: Path, lines: tuple[str, ...], sightings: int
) -> None:
    log = write(tmp_path / "named.log", "".join(lines))
    summary = swept(tmp_path, log, listed="bad.example\n")
    assert (summary["sightings"], summary.get("confirming", 0)) == (
        sightings,
        len(lines) - sightings,
    )
    assert page(tmp_path)["count"] == len(lines) - sightings
    table = pq.read_table(tmp_path / "findings" / "sightings.parquet")
    numbers = table.column("quetsach.sighting.id").to_pylist()
    assert len(numbers) == sightings
    for record in page(tmp_path)["records"]:
        assert record["quetsach.confirms"] in numbers
        assert record["quetsach.sighting.id"] not in numbers
    assert len(import_ledger([tmp_path / "findings"]).numbers) == sightings


def test_an_alert_that_proves_more_than_the_log_counts(tmp_path: Path) -> None:
    asked = eve("dns", 10, 55575, dns={"type": "query", "rrname": "bad.example", "rrtype": "A"})
    met = eve("alert", 11, 51544, alert={"signature": "x"}, tls={"sni": "bad.example"})
    log = write(tmp_path / "eve.json", f"{asked}\n{met}\n")
    assert swept(tmp_path, log, listed="bad.example\n")["sightings"] == 2
    assert page(tmp_path)["count"] == 0


@pytest.mark.parametrize(("port", "sightings"), [(51544, 1), (51545, 2)])
def test_an_alert_in_the_midst_of_a_long_flow_is_of_that_flow(
    tmp_path: Path, port: int, sightings: int
) -> None:
    begun, over = "2026-09-01T08:00:00.000000+0700", "2026-09-01T08:05:00.000000+0700"
    counts = {"bytes_toserver": 900, "bytes_toclient": 900, "pkts_toclient": 9}
    flow = eve("flow", 300, 51544, flow={"start": begun, "end": over, **counts})
    alert = eve("alert", 120, port, alert={"action": "allowed", "signature": "x"})
    log = write(tmp_path / "eve.json", f"{flow}\n{alert}\n")
    assert swept(tmp_path, log)["sightings"] == sightings


def test_the_log_may_be_another_file(tmp_path: Path) -> None:
    queries = write(tmp_path / "queries.log", question(22))
    zone = write(tmp_path / "rpz.log", rewrite(22.001))
    summary = swept(tmp_path, queries, zone, listed="bad.example\n")
    assert (summary["sightings"], summary["confirming"]) == (1, 1)
    (record,) = page(tmp_path)["records"]
    assert (record["event.dataset"], record["event.action"]) == ("bind.rpz", "passthru")


def test_each_data_set_is_one_that_a_form_writes() -> None:
    coded = {one for one in CONFIRMING if one.startswith(("suricata.", "zeek."))}
    assert CONFIRMING - coded <= shipped_index().promises.keys()


DNSMASQ = "Sep  1 08:15:{:02} dnsmasq[812]: {}\n"
ASKED = "query[A] a.bad.example from 10.20.3.41"
BLOCKED, FORWARDED = (
    "gravity blocked a.bad.example is 0.0.0.0",
    "forwarded a.bad.example to 192.0.2.5",
)


@pytest.mark.parametrize(
    ("lines", "sightings"),
    [
        (((22, ASKED), (22, BLOCKED)), 1),
        (((22, ASKED), (23, FORWARDED)), 1),
        (((22, ASKED), (22, BLOCKED), (50, ASKED), (50, BLOCKED)), 2),
        (((22, ASKED), (22, "query[A] a.bad.example from 10.20.3.42"), (22, BLOCKED)), 2),
        # No question nearby, and one of another name.
        (((22, ASKED), (30, BLOCKED)), 2),
        (((22, ASKED), (22, "gravity blocked b.other.example is 0.0.0.0")), 2),
        (((22, BLOCKED), (23, FORWARDED)), 2),
        # It proves more than the question.
        (((22, ASKED), (22, "reply a.bad.example is 203.0.113.9")), 2),
    ],
)
def test_what_became_of_a_question_is_not_another_one(
    tmp_path: Path, lines: tuple[tuple[int, str], ...], sightings: int
) -> None:
    log = write(tmp_path / "pihole.log", "".join(DNSMASQ.format(*line) for line in lines))
    summary = swept(tmp_path, log, listed="bad.example\nother.example\n")
    assert (summary["sightings"], summary.get("confirming", 0)) == (
        sightings,
        len(lines) - sightings,
    )


def test_a_line_below_a_question_is_of_its_own_file(tmp_path: Path) -> None:
    write(tmp_path / "logs" / "pihole.log", DNSMASQ.format(22, ASKED))
    write(tmp_path / "logs" / "other.log", DNSMASQ.format(22, BLOCKED))
    summary = swept(tmp_path, tmp_path / "logs", listed="bad.example\n")
    assert (summary["sightings"], summary.get("confirming", 0)) == (2, 0)
