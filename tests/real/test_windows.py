"""Windows evidence of third parties: every record is one of ours, at its own time and machine."""

import io
import json
import re
import zipfile
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from quetsach.captures.contract import CaptureSource, LineSink, UnreadReason
from quetsach.captures.evtx import EvtxFiles
from quetsach.formats.host_netstat import HostNetstat
from quetsach.formats.shared.windows_record import record_of, record_of_xml
from quetsach.formats.windows_events import WindowsEvents
from tests.formats.golden import lines_of

pytestmark = pytest.mark.real

ZONE = ZoneInfo("UTC")
# Blocks of a file that was taken while Windows wrote it; the package that judges stops there.
DAMAGED = {"sysmon.evtx"}


def _rendered(path: Path) -> tuple[bytes, dict[UnreadReason, int]]:
    sink = LineSink(io.BytesIO(), 1 << 26)
    EvtxFiles().decode(CaptureSource(path, path.name), sink)
    return sink.out.getvalue(), sink.unread  # type: ignore[attr-defined]  # a BytesIO


def test_every_record_of_every_event_log_is_read(data: Path) -> None:
    evtx = pytest.importorskip("evtx", reason="NOT TESTED: the evtx package is not installed")
    form = WindowsEvents()
    kinds: Counter[str] = Counter()
    for path in sorted((data / "evidence/evtx").glob("*.evtx")):
        content, unread = _rendered(path)
        lines = lines_of(content)
        rows = form.parse(lines, form.layout(content), ZONE)
        assert (len(rows.events), rows.rejects) == (len(lines), []), path.name
        assert bool(unread) is (path.name in DAMAGED)
        if not unread:
            assert len(lines) == sum(1 for _ in evtx.PyEvtxParser(str(path)).records_json())
        for _, event in rows.events:
            assert {"@timestamp", "host.name"} <= event.keys()
            kinds[event["event.action"]] += event["event.type"] == "connection"
    assert kinds["EventID 3"] == 78


def test_every_snapshot_of_the_package_is_one_event(data: Path) -> None:
    for path in sorted((data / "expected/evtx").glob("*.snap")):
        text = path.read_text(encoding="utf-8").split("---\n", 2)[2]
        is_xml = text.lstrip().startswith("<")
        record = record_of_xml(text) if is_xml else record_of(json.loads(text))
        assert record is not None, path.name
        names = re.findall(r'(?:"Computer": ?"|<Computer>)([^"<]+)', text)
        assert [record.computer] == names, path.name


def test_datasets_of_attacks_name_the_machine_of_every_event(data: Path) -> None:
    form = WindowsEvents()
    for path in sorted((data / "evidence/windows-events-json/otrf").glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            content = archive.read(archive.namelist()[0])
        lines = lines_of(content)
        rows = form.parse(lines, form.layout(content[:65536]), ZONE)
        assert (len(rows.events), rows.rejects) == (len(lines), []), path.name
        assert {event.get("host.name") for _, event in rows.events} <= {"WORKSTATION5", "UBUNTU5"}
        if "log4shell" in path.name:
            ends = {(e.get("source.ip"), e.get("destination.ip")) for _, e in rows.events}
            assert ("192.168.2.5", "192.168.2.6") in ends


@pytest.mark.parametrize("name", ["windows-10--netstat-an", "windows-10--netstat-aon"])
def test_connections_are_those_that_another_reader_sees(data: Path, name: str) -> None:
    content = (data / f"evidence/windows-host/{name}.out").read_bytes()
    rows = HostNetstat().parse(lines_of(content), HostNetstat().layout(content), ZONE)
    theirs = json.loads((data / f"expected/jc/{name}.json").read_text(encoding="utf-8"))
    assert len(rows.events) == len(theirs)
    for (_, event), row in zip(rows.events, theirs, strict=True):
        ours = {event.get("source.port"), event.get("destination.port")} - {None}
        told = {row.get("local_port_num"), row.get("foreign_port_num")} - {None, 0}
        assert ours <= told
        assert event.get("process.pid") == row.get("pid")
