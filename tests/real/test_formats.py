"""Real logs of Zeek, Suricata and FortiGate: all recognised, no line uncounted, and right.

Rejects are few and each is explained in `REJECTS`.
"""

import gzip
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from quetsach.formats.contract import HEAD_BYTES, ParsedLines
from quetsach.formats.registry import by_name, recognise
from quetsach.schema import EVENT
from tests.formats.golden import layout_of, lines_of, read

pytestmark = pytest.mark.real

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FOLDERS = {
    "zeek-tsv": {"zeek-tsv"},
    # One file of this folder is a table all the same: slips-test10-mixed-zeek-dir/conn.log.
    "zeek-json": {"zeek-json", "zeek-tsv"},
    "suricata-eve": {"suricata-eve"},
}
REJECTS: dict[str, Counter[tuple[str, str]]] = {
    # Its last row was edited by hand: a blank stands where a tab was.
    "zeek-tsv": Counter({("slips-test10-mixed-zeek-dir/notice.log", "columns"): 1}),
    "zeek-json": Counter(),
    # A line of Metricbeat that the intake's tests put among Suricata's.
    "suricata-eve": Counter({("sekoia/sekoia-suricata.log", "no-event-type"): 1}),
}


def logs(folder: Path) -> Iterable[Path]:
    """Return the logs under `folder`."""
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and path.name != "SOURCES.md"
    )


def unpacked(path: Path) -> bytes:
    """Return the content of `path`, decompressed where it is gzip."""
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def rows_of(content: bytes) -> ParsedLines:
    """Return all rows of `content` in the format that recognises it."""
    return read(recognise(content[:HEAD_BYTES]), content)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_log_is_recognised_and_every_line_counted(data: Path, folder: str) -> None:
    root = data / "evidence" / folder
    rejects: Counter[tuple[str, str]] = Counter()
    files = list(logs(root))
    for path in files:
        content = unpacked(path)
        form = recognise(content[:HEAD_BYTES])
        assert form.name in FOLDERS[folder], path
        rows = read(form, content)
        found = {offset for offset, _ in rows.events}
        given = [*found, *(one.offset for one in rows.rejects), *rows.skipped]
        assert sorted(given) == [offset for offset, _ in lines_of(content)], path
        pa.Table.from_pylist([dict(event) for _, event in rows.events], schema=EVENT)
        name = str(path.relative_to(root))
        rejects.update((name, one.reason) for one in rows.rejects)
    sys.stdout.write(f"{folder}: {len(files)} files, rejects {dict(rejects)}\n")
    assert len(files) >= 5
    assert rejects == REJECTS[folder]


def test_the_one_rejected_row_has_not_the_columns_of_its_header(data: Path) -> None:
    content = unpacked(data / "evidence/zeek-tsv/slips-test10-mixed-zeek-dir/notice.log")
    header = next(line for line in content.split(b"\n") if line.startswith(b"#fields"))
    (reject,) = rows_of(content).rejects
    line = content[reject.offset :].partition(b"\n")[0]
    assert line.count(b"\t") != header.count(b"\t") - 1


def naive_json(content: bytes) -> Counter[tuple[Any, ...]]:
    """Return (orig_h, resp_h, resp_p) of each line, the plain way."""
    found = (json.loads(line) for line in content.splitlines() if line.strip())
    return Counter((one["id.orig_h"], one["id.resp_h"], one["id.resp_p"]) for one in found)


def naive_table(content: bytes) -> Counter[tuple[Any, ...]]:
    """Return (orig_h, resp_h, resp_p) of each row, the plain way."""
    names: list[str] = []
    found: Counter[tuple[Any, ...]] = Counter()
    for line in content.decode().split("\n"):
        if line.startswith("#fields"):
            names = line.split("\t")[1:]
        elif line.strip() and not line.strip().startswith("#"):
            row = dict(zip(names, line.split("\t"), strict=True))
            found[row["id.orig_h"], row["id.resp_h"], int(row["id.resp_p"])] += 1
    return found


@pytest.mark.parametrize(
    ("pattern", "naive"),
    [
        ("zeek-json/*9*/conn.log", naive_json),
        ("zeek-json/*13*/conn.log", naive_json),
        ("zeek-json/*14*/conn.log", naive_json),
        ("zeek-json/wrccdc2018/rdp.json.gz", naive_json),
        ("zeek-tsv/rita*/conn*.gz", naive_table),
        ("zeek-tsv/slips-portscan-horizontal/conn.log", naive_table),
        ("zeek-tsv/wrccdc2018/rdp.log.gz", naive_table),
        ("zeek-tsv/wrccdc2018/dns.log.gz", naive_table),
    ],
)
def test_ends_of_every_connection_are_those_of_a_plain_reading(
    data: Path, pattern: str, naive: Callable[[bytes], Counter[tuple[Any, ...]]]
) -> None:
    files = sorted((data / "evidence").glob(pattern))
    assert files
    for path in files:
        content = unpacked(path)
        fields = ("source.ip", "destination.ip", "destination.port")
        ours = Counter(tuple(event.get(f) for f in fields) for _, event in rows_of(content).events)
        assert ours == naive(content), path


def test_the_same_capture_as_table_and_as_json_gives_the_same_events(data: Path) -> None:
    """wrccdc2018 is there in both forms; only the names of its datasets may differ."""
    fields = ("source.ip", "source.port", "destination.ip", "destination.port", "@timestamp")
    compared = 0
    for table in sorted((data / "evidence/zeek-tsv/wrccdc2018").glob("*.log.gz")):
        other = data / f"evidence/zeek-json/wrccdc2018/{table.name.partition('.')[0]}.json.gz"
        if other.exists():
            one, two = (
                Counter(tuple(event.get(f) for f in fields) for _, event in rows_of(c).events)
                for c in (unpacked(table), unpacked(other))
            )
            assert one == two, table.name
            compared += 1
    assert compared >= 10


def test_eve_lines_keep_who_asked_whom(data: Path) -> None:
    """A plain reading of the honeypot's EVE, with answers and downloads turned round."""
    content = unpacked(data / "evidence/suricata-eve/slips/test6-malicious.suricata.json")
    expected: Counter[tuple[Any, ...]] = Counter()
    for line in content.splitlines():
        one = json.loads(line)
        kind, ends = one["event_type"], [one.get("src_ip"), one.get("dest_ip")]
        answered = kind == "dns" and one["src_port"] == 53
        downloaded = kind == "fileinfo" and one["src_port"] == one["http"]["http_port"]
        if answered or downloaded:
            ends.reverse()
        expected[f"suricata.{kind}", *ends] += 1
    ours = Counter(
        (event["event.dataset"], event.get("source.ip"), event.get("destination.ip"))
        for _, event in rows_of(content).events
    )
    assert ours == expected


def test_a_flow_begins_at_its_start_not_at_its_line_s_time(data: Path) -> None:
    content = unpacked(data / "evidence/suricata-eve/slips/test6-malicious.suricata.json")
    flows = [line for line in content.splitlines() if b'"event_type":"flow"' in line]
    starts = Counter(json.loads(line)["flow"]["start"][:19] for line in flows)
    events = (event for _, event in rows_of(content).events)
    ours = Counter(
        iso_of(event["@timestamp"]) for event in events if event["event.dataset"] == "suricata.flow"
    )
    assert ours == starts


def iso_of(when_us: int) -> str:
    """Return `when_us` as that log wrote it, in its own offset of +02:00, without the offset."""
    zone = timezone(timedelta(hours=2))
    return datetime.fromtimestamp(when_us // 1_000_000, tz=zone).isoformat()[:19]


def test_fortigate_lines_are_read_and_its_cef_lines_as_text(data: Path) -> None:
    content = unpacked(data / "evidence/firewall/fortigate/sekoia-fortigate.log")
    assert recognise(content[:HEAD_BYTES]).name == "fortigate"
    rows = rows_of(content)
    kinds = Counter(event["event.dataset"].partition(".")[0] for _, event in rows.events)
    lines = [line for _, line in lines_of(content)]
    assert not rows.rejects
    assert kinds["text"] == sum(b"|Fortigate|" in line or b"subtype" not in line for line in lines)
    for offset, event in rows.events:
        line = content[offset:].partition(b"\n")[0]
        assert ("source.nat.port" in event) == (
            b" transport=" in line and b" transport=0 " not in line
        )


def test_layout_of_each_real_zeek_table_names_its_kind(data: Path) -> None:
    for path in logs(data / "evidence/zeek-tsv"):
        content = unpacked(path)
        layout = layout_of(recognise(content[:HEAD_BYTES]), content)
        kind = path.name.rpartition("--")[2].partition(".")[0]
        # One test of Zeek's writes conn.log under a name of its own.
        assert layout.dataset == f"zeek.{'conn' if kind == 'conn2' else kind}", path


ECS_FIELDS = (
    "@timestamp",
    "source.ip",
    "source.port",
    "source.nat.ip",
    "destination.ip",
    "destination.port",
    "destination.nat.ip",
    "network.transport",
    "dns.response_code",
    "url.domain",
    "http.response.status_code",
    "user_agent.original",
    "file.name",
)
ICMP = {"ipv6-icmp": "icmp"}
# Where another project's reading of the same lines (SEKOIA's intakes) differs from ours, and why.
DIFFERENCES: dict[str, dict[str, set[str]]] = {
    "suricata": {
        # An answer is turned round: whoever asked is the source.
        "dns_answer.json": {"source.ip", "source.port", "destination.ip", "destination.port"},
        # A flow counts from its start; theirs from its line.
        "icmp.json": {"@timestamp"},
    },
    "aioniq": {},
    "jizo": {},
    "fortigate": {
        # A date and a time are a time, in the zone of the source.
        "anomaly.CSV.json": {"@timestamp"},
        # FortiAuthenticator's epoch is a local one.
        "test_event_login_3.json": {"@timestamp"},
        # Two lines in one.
        "system_event.CEF.json": {"source.ip", "destination.ip"},
        # They leave out FortiWeb's ports.
        "traffic_with_referrer.json": {"source.port", "destination.port"},
        # An address inside a tunnel is no translated one.
        "tunnel.json": {"source.nat.ip"},
        # We also give the host of a page that was asked for.
        "attack_client_side.json": {"url.domain"},
        "hostname.STANDARD.json": {"url.domain"},
        "malicious_url_blocked.json": {"url.domain"},
        "test_ips.STANDARD.json": {"url.domain"},
        "test_sql_injection.json": {"url.domain"},
        "test_xss_blocked.json": {"url.domain"},
    },
}


def flat(nested: dict[str, Any], above: str = "") -> Iterable[tuple[str, Any]]:
    """Return the leaves of `nested` with their dotted names."""
    for key, value in nested.items():
        if isinstance(value, dict):
            yield from flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def comparable(field: str, value: Any) -> str | None:
    """Return a value as both sides may write it: whole seconds of UTC, lower case."""
    if value is None:
        return None
    if field == "@timestamp":
        if isinstance(value, int):
            return datetime.fromtimestamp(value // 1_000_000, tz=UTC).isoformat()[:19]
        return str(value)[:19]
    return ICMP.get(str(value).lower(), str(value).lower())


@pytest.mark.parametrize("intake", DIFFERENCES)
def test_another_project_reads_the_same_out_of_the_same_lines(data: Path, intake: str) -> None:
    form = by_name("fortigate" if intake == "fortigate" else "suricata-eve")
    found: dict[str, set[str]] = {}
    compared = 0
    for row in map(json.loads, (data / f"expected/sekoia/{intake}.jsonl").read_text().splitlines()):
        line = row["input"]["message"].encode()
        events = form.parse([(0, line)], layout_of(form, line), UTC).events
        if not events or events[0][1]["event.dataset"] == "text":
            continue
        ours, theirs = dict(events[0][1]), dict(flat(row["expected"]))
        differing = {
            field
            for field in ECS_FIELDS
            if comparable(field, ours.get(field)) != comparable(field, theirs.get(field))
        }
        compared += 1
        if differing:
            found[row["test"]] = differing
    assert compared
    assert found == DIFFERENCES[intake]
