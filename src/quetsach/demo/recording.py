"""One unit's recorders at work: events in, log files and a ledger of what they show out."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from quetsach.demo.kits import Cut, Recorder, RecorderKind
from quetsach.demo.log_files import (
    DemoLedger,
    DemoLogFile,
    LogFile,
    ShownLine,
    count_whole_lines,
    share_of,
    within_line,
)
from quetsach.demo.plan import DemoUnit
from quetsach.demo.times import days
from quetsach.demo.traffic import Event, LeaseGrant, TrafficLine, TrafficMark
from quetsach.demo.write_eve import eve
from quetsach.demo.write_text import conntrack, dnsmasq_leases, fortigate, isc_leases, squid, syslog
from quetsach.demo.write_zeek import zeek_json, zeek_tsv, zeek_tsv_head


class Recording:
    """The files that one recorder of one unit writes.

    Shapes: paths are below `root`; `kept` and `lost` are filled as files are closed.
    """

    def __init__(
        self,
        root: Path,
        unit: DemoUnit,
        recorder: Recorder,
        *,
        ledgers: tuple[DemoLedger, DemoLedger],
    ) -> None:
        self.written: list[LogFile] = []
        self._root, self._unit, self._recorder = root, unit, recorder
        self._kept, self._lost = ledgers
        self._open: dict[str, DemoLogFile] = {}
        self._shown: list[ShownLine] = []
        self._given: list[LeaseGrant] = []
        self._day = unit.days[0]

    def take(self, day: int, events: Iterable[Event]) -> None:
        """Write what the recorder sees of `events`, which all lie on `day`, in its own order."""
        if day != self._day and self._recorder.daily:
            self._close_all()
        self._day = day
        lines: dict[str, list[tuple[TrafficLine, TrafficMark | None]]] = defaultdict(list)
        for event in events:
            if isinstance(event, LeaseGrant) and self._recorder.kind is RecorderKind.DNSMASQ_LEASES:
                self._given.append(event)
            for line in _lines(event, self._recorder, self._unit):
                lines[line.log].append((line, event.mark))
        for log, rows in lines.items():
            rows.sort(key=lambda row: row[0].when_us)
            self._write(log, rows)

    def close(self) -> None:
        """Finish all files."""
        snapshot: list[tuple[TrafficLine, TrafficMark | None]] = [
            (line, None) for line in dnsmasq_leases(self._given)
        ]
        if snapshot:
            self._write(snapshot[0][0].log, snapshot)
        self._close_all()

    def _write(self, log: str, rows: list[tuple[TrafficLine, TrafficMark | None]]) -> None:
        sink = self._sink(log)
        cut = self._cut(log) is not None
        for number, (line, mark) in enumerate(rows, sink.lines):
            sink.saw(line.when_us)
            if mark and cut:
                self._shown.append(ShownLine(number, line, mark))
            elif mark:
                self._kept.add(line, mark)
        sink.write([line.text for line, _ in rows])

    def _sink(self, log: str) -> DemoLogFile:
        if log not in self._open:
            recorder = self._recorder
            path = self._root / self._unit.place.folder / _path(recorder, log, self._day)
            shown = path.relative_to(self._root.parent).as_posix()
            self._open[log] = DemoLogFile(path, shown, kind=recorder.kind, clock=recorder.clock)
            if recorder.kind is RecorderKind.ZEEK_TSV:
                opened = f"{days()[self._day]}-00-00-00"
                self._open[log].write(zeek_tsv_head(log, recorder, opened))
        return self._open[log]

    def _cut(self, log: str) -> Cut | None:
        cut = self._recorder.cut
        if cut is None or cut.log != log or cut.day not in (None, self._day):
            return None
        return cut

    def _close_all(self) -> None:
        for log, sink in self._open.items():
            if self._recorder.kind is RecorderKind.ZEEK_TSV:
                sink.write([f"#close\t{days()[self._day]}-23-59-59"])
            cut = self._cut(log)
            if cut is None:
                self.written.append(sink.close())
                continue
            written = sink.close(self._end_of(cut))
            self.written.append(written)
            count_whole_lines(self._shown, written.lines, kept=self._kept, lost=self._lost)
            self._shown.clear()
        self._open.clear()

    def _end_of(self, cut: Cut) -> Callable[[Path], int]:
        if cut.kept is not None:
            return partial(share_of, kept=cut.kept)
        return partial(within_line, number=self._shown[-1].number)


def _path(recorder: Recorder, log: str, day: int) -> str:
    date = days()[day].isoformat()
    if recorder.single and not recorder.daily:
        return f"{recorder.base}{recorder.packing}"
    ending = "json" if recorder.kind is RecorderKind.EVE else "log"
    if recorder.single:
        return f"{recorder.base}-{date}.{ending}{recorder.packing}"
    return f"{recorder.base}/{date}/{log}.{ending}{recorder.packing}"


def _lines(event: Event, recorder: Recorder, unit: DemoUnit) -> Iterator[TrafficLine]:
    match recorder.kind:
        case RecorderKind.ZEEK_TSV:
            return zeek_tsv(event, recorder)
        case RecorderKind.ZEEK_JSON:
            return zeek_json(event, recorder)
        case RecorderKind.EVE:
            return eve(event, recorder)
        case RecorderKind.FORTIGATE:
            return fortigate(event, recorder, unit.public)
        case RecorderKind.SYSLOG:
            return syslog(event, recorder)
        case RecorderKind.CONNTRACK:
            return conntrack(event, unit.public)
        case RecorderKind.SQUID:
            return squid(event)
        case RecorderKind.ISC_LEASES:
            return isc_leases(event)
        case RecorderKind.DNSMASQ_LEASES:
            # Written once, at the end: the file holds only the state at that time.
            return iter(())
