"""What stands around a message: other heads of syslog, wrappers of collectors, ends of lines."""

import csv
import io
import json
from datetime import timedelta

from tools.scoreboard.mutations.case import Case, Mutation

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _old(case: Case, year: str = "") -> str:
    when = case.when
    return f"{MONTHS[when.month - 1]} {when.day:2}{year} {when:%H:%M:%S}"


def old_head(case: Case) -> str:
    """RFC 3164."""
    return f"<134>{_old(case)} gate-01 {case.bare}"


def old_head_without_priority(case: Case) -> str:
    """RFC 3164 as files have it."""
    return f"{_old(case)} 192.0.2.254 {case.bare}"


def old_head_with_year(case: Case) -> str:
    """Cisco's year."""
    return f"<189>{_old(case, f' {case.when.year}')} gate-01 {case.bare}"


def old_head_without_host(case: Case) -> str | None:
    """The device leaves its own name out."""
    return f"<13>{_old(case)} {case.bare}"


def new_head(case: Case) -> str:
    """RFC 5424 without structured data."""
    return f"<134>1 {case.when:%Y-%m-%dT%H:%M:%S.%f}Z gate-01 - - - - {case.bare}"


def new_head_with_data(case: Case) -> str:
    """RFC 5424 with structured data."""
    data = '[meta sequenceId="29" ip="192.0.2.254"][origin software="x\\"y" swVersion="8.1"]'
    return f"<134>1 {case.when:%Y-%m-%dT%H:%M:%S}+00:00 gate-01 - 77 - {data} {case.bare}"


def iso_head(case: Case) -> str:
    """What rsyslog writes into files."""
    there = case.when + timedelta(hours=7)
    return f"{there:%Y-%m-%dT%H:%M:%S.%f}+07:00 gate-01 {case.bare}"


def iso_head_in_utc(case: Case) -> str:
    """The same, in UTC, with a priority."""
    return f"<134>{case.when:%Y-%m-%dT%H:%M:%S}Z gate-01 {case.bare}"


def relayed(case: Case) -> str:
    """A relay puts its own head before the sender's."""
    text = case.bare if "\n" in case.text else case.text
    return f"<46>{_old(case)} relay.example {text}"


def counted(case: Case) -> str:
    """RFC 6587."""
    text = f"<134>1 {case.when:%Y-%m-%dT%H:%M:%S}Z gate-01 - - - - {case.bare}"
    return f"{len(text.encode())} {text}"


def only_priority(case: Case) -> str:
    """Nothing but a priority."""
    if "\n" in case.text:
        return f"<134>{case.bare}"
    return f"<134>{case.text}" if not case.text.startswith("<") else case.text.partition(">")[2]


def _dumped(document: object) -> str:
    return json.dumps(document, ensure_ascii=False)


def filebeat(case: Case) -> str:
    """Elastic's shipper."""
    return _dumped(
        {
            "@timestamp": f"{case.when:%Y-%m-%dT%H:%M:%S}.000Z",
            "@metadata": {"beat": "filebeat", "type": "_doc", "version": "8.11.0"},
            "log": {"offset": 4242, "file": {"path": "/var/log/remote.log"}},
            "message": case.text,
            "input": {"type": "log"},
            "host": {"name": "collector-1", "ip": ["192.0.2.250"]},
            "agent": {"type": "filebeat", "hostname": "collector-1"},
            "ecs": {"version": "8.0.0"},
        }
    )


def wazuh(case: Case) -> str:
    """An alert of Wazuh."""
    return _dumped(
        {
            "timestamp": f"{case.when:%Y-%m-%dT%H:%M:%S}.123+0000",
            "rule": {"level": 3, "description": "A message", "id": "81600", "groups": ["syslog"]},
            "agent": {"id": "000", "name": "manager", "ip": "192.0.2.250"},
            "manager": {"name": "manager"},
            "id": "1700000000.12345",
            "full_log": case.text,
            "decoder": {"name": "any"},
            "location": "192.0.2.254",
        }
    )


def splunk(case: Case) -> str:
    """A result of Splunk's search as JSON."""
    raw = {
        "_raw": case.text,
        "_time": f"{case.when:%Y-%m-%d %H:%M:%S}.000 UTC",
        "host": "gate-01",
        "source": "udp:514",
        "sourcetype": "syslog",
    }
    return _dumped({"preview": False, "offset": 0, "result": raw})


def gelf(case: Case) -> str:
    """Graylog."""
    return _dumped(
        {
            "version": "1.1",
            "host": "gate-01",
            "short_message": case.text,
            "timestamp": round(case.when.timestamp(), 3),
            "level": 6,
            "_facility": "local0",
        }
    )


def journald(case: Case) -> str:
    """`journalctl -o json`."""
    return _dumped(
        {
            "__REALTIME_TIMESTAMP": str(round(case.when.timestamp() * 1_000_000)),
            "_HOSTNAME": "collector-1",
            "PRIORITY": "6",
            "MESSAGE": case.text,
            "_PID": "412",
        }
    )


def docker(case: Case) -> str:
    """Docker's json-file."""
    when = f"{case.when:%Y-%m-%dT%H:%M:%S}.123456789Z"
    return _dumped({"log": f"{case.text}\n", "stream": "stdout", "time": when})


def fluent_bit(case: Case) -> str:
    """Fluent Bit."""
    return _dumped({"date": round(case.when.timestamp(), 6), "log": case.text})


def elastic_hits(case: Case) -> str:
    """An answer of Elasticsearch, whole."""
    source = {
        "@timestamp": f"{case.when:%Y-%m-%dT%H:%M:%S}.000Z",
        "event": {"original": case.text, "module": "any"},
        "host": {"name": "collector-1"},
    }
    hit = {"_index": "logs", "_id": "x1", "_score": 1.0, "_source": source}
    return _dumped({"took": 3, "timed_out": False, "hits": {"total": {"value": 1}, "hits": [hit]}})


def exported_table(case: Case) -> str:
    """A table with a header, as consoles export it."""
    written = io.StringIO()
    rows = csv.writer(written, quoting=csv.QUOTE_ALL)
    rows.writerow(["@timestamp", "host", "message"])
    rows.writerow([f"{case.when:%Y-%m-%dT%H:%M:%S}.000Z", "gate-01", case.text.replace("\n", " ")])
    return written.getvalue()


def wrapped_twice(case: Case) -> str:
    """A collector behind a collector."""
    inner = _dumped({"message": case.text, "host": "relay-2"})
    return _dumped({"@timestamp": f"{case.when:%Y-%m-%dT%H:%M:%S}.000Z", "message": inner})


def carriage_return(case: Case) -> str:
    """Windows ends lines so."""
    return f"{case.text}\r\n"


def trailing_blanks(case: Case) -> str:
    """Blanks at the end."""
    return f"{case.text}  \t \n"


def empty_lines(case: Case) -> str:
    """Empty lines around, and the mark of UTF-8."""
    return f"\ufeff\n\n{case.text}\n\n"


def comment_before(case: Case) -> str | None:
    """A note that somebody wrote at the head of the file."""
    if case.document is not None:
        return None
    return f"# exported for the centre\n{case.text}\n"


AROUND: dict[str, Mutation] = {
    one.__name__: one
    for one in (
        old_head, old_head_without_priority, old_head_with_year, old_head_without_host, new_head,
        new_head_with_data, iso_head, iso_head_in_utc, relayed, counted, only_priority, filebeat,
        wazuh, splunk, gelf, journald, docker, fluent_bit, elastic_hits, exported_table,
        wrapped_twice, carriage_return, trailing_blanks, empty_lines, comment_before,
    )
}  # fmt: skip
