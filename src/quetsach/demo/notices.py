"""The authority's notices to the district: what a sinkhole saw of its public addresses."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from quetsach.demo.kits import RecorderKind
from quetsach.demo.plan import DemoUnit
from quetsach.demo.times import nat_port
from quetsach.demo.traffic import Event, Exchange, ExchangeEnd

NOTICES = "notices/canh-bao.csv"
NOT_OURS = "203.0.113.200"
NO_ADDRESS = "khong-ro"

_HEAD = ("timestamp", "ip", "port", "protocol", "dst_ip", "dst_port", "infection")
_TRANSLATES = frozenset({RecorderKind.FORTIGATE, RecorderKind.CONNTRACK})


@dataclass(frozen=True)
class NoticeTruth:
    """One row of the notices, and what is true of it.

    Shapes: `row` counts the rows of the file from 1; `who` is the machine's hardware address, ""
    where the row is about no machine here; `translated` says that a log of the unit has its port;
    `told_port` is false where the row leaves the port out.
    """

    row: int
    unit: str
    who: str
    address: str
    translated: bool
    told_port: bool
    kind: str


class Sinkhole:
    """Sees the first connection of each infected machine to a malicious address, from outside."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], tuple[DemoUnit, Exchange]] = {}

    def watch(self, unit: DemoUnit, events: Iterable[Event]) -> None:
        """Take note of what `unit` did on a day of which it keeps logs."""
        for event in events:
            if not isinstance(event, Exchange) or event.mark is None or not event.mark.meets:
                continue
            if event.end is not ExchangeEnd.CLOSED or event.client != event.mark.address:
                continue
            self._seen.setdefault((unit.place.code, event.mark.who), (unit, event))

    def write(self) -> tuple[bytes, Sequence[NoticeTruth]]:
        """Return the file of notices and the truth about each of its rows."""
        text = io.StringIO(newline="")
        table = csv.writer(text, lineterminator="\n")
        table.writerow(_HEAD)
        noticed: list[NoticeTruth] = []
        for (code, who), (unit, exchange) in sorted(self._seen.items()):
            # Each fourth notice leaves the port out, as many in the field do.
            has_port = len(noticed) % 4 != 3
            kinds = {recorder.kind for recorder in unit.recorders}
            table.writerow(_row(unit.public, exchange, has_port))
            noticed.append(
                NoticeTruth(
                    row=len(noticed) + 1,
                    unit=code,
                    who=who,
                    address=exchange.client,
                    translated=bool(kinds & _TRANSLATES),
                    told_port=has_port,
                    kind="ours",
                )
            )
        if self._seen:
            last = next(reversed(list(self._seen.values())))[1]
            for kind, address in (("not-ours", NOT_OURS), ("rejected", NO_ADDRESS)):
                table.writerow(_row(address, last, True))
                noticed.append(NoticeTruth(len(noticed) + 1, "", "", "", False, True, kind))
        return text.getvalue().encode(), noticed


def _row(address: str, exchange: Exchange, told_port: bool) -> tuple[object, ...]:
    when = datetime.fromtimestamp(exchange.when_us // 1_000_000, UTC)
    return (
        when.strftime("%Y-%m-%d %H:%M:%S"),
        address,
        nat_port(exchange) if told_port else "",
        "tcp",
        exchange.server,
        exchange.server_port,
        "botnet",
    )
