"""What a listener of a watch received: `RECEIVED SENDER ORIGINAL`, a message a line.

    2026-11-30T08:15:22.123456+07:00 10.0.0.1 <134>Nov 30 08:15:22 fw1 kernel: ...

The time is ours and the address is that of the sender's packets; the message stands as it came,
whatever its form. Bytes that would end or break the line stand as `#` and three octal digits, as
rsyslog writes them, with a blank behind, so that no word behind it becomes another one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any, NamedTuple

from quetsach.clocks import MICROSECONDS, Zone, us_from_iso
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.line_forms import LineForm, Record, form_of, read_layers, tables_for
from quetsach.formats.shared import text_lines, values
from quetsach.formats.shared.peeling import LineLayer, peel
from quetsach.formats.shared.text_lines import first_lines
from quetsach.sieve.contract import LineClock

NAME = "received"
DATASET = "received.log"
"""The data set of a file of received messages; its lines have their own."""

TOLERANCE_US = 120 * MICROSECONDS
"""A clock that differs less from ours is right: that a message needs to arrive is in it."""

_PREFIX = re.compile(
    rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) ([0-9A-Fa-f:.]{2,45}) "
)
_OF_A_SENDER = re.compile(
    rb"(?:<\d{1,3}>|\{|1 \d{4}-\d\d-|[A-Z][a-z]{2} [ \d]\d \d\d:|date=|time=|(?:CEF|LEEF):)"
)
# What a relay leaves behind a time and an address: the tag of a program, topics of a router.
_OF_A_RELAY = re.compile(
    rb"[A-Za-z][\w./\-]{0,47}(?:\[\d{1,10}\])?:|[a-z]+(?:,[a-z\d]+)+ |last message repeated "
)
_STAMP_BYTES = len("2026-11-30T08:15:22.123456+07:00")
_ESCAPED = re.compile(rb"#(?:0[0-3][0-7]|177) ")
_BREAKS = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_HOUR = len("2026-11-30T08")
_CLIENTS = {
    "suricata-eve": b'"src_ip":"',
    "zeek-json": b'"id.orig_h":"',
    "fortigate": b"srcip=",
}
"""What stands before the client's address, as the first address of a line is the sender's."""

_AT_ONCE = 512


class ReceivedLine(NamedTuple):
    """A message, when it came and from which address.

    Units: `when_us` in us since 1970 UTC.
    """

    when_us: int
    sender: str
    original: bytes


def received_line(stamp: bytes, sender: str, original: bytes) -> bytes:
    """Return the line of one message, with its end. `stamp` is a time of RFC 3339 with its offset.

    Ends of lines and zeros behind the message are left out, as most senders add one.
    """
    message = original.rstrip(b"\r\n\0")
    if _BREAKS.search(message) is not None:
        message = _BREAKS.sub(lambda broken: b"#%03o " % broken[0][0], message)
    return b"%b %b %b\n" % (stamp, sender.encode("ascii"), message)


def split_received(line: bytes) -> ReceivedLine | None:
    """Return the parts of a received line, None where it is none."""
    head = _PREFIX.match(line)
    if head is None:
        return None
    when, sender = us_from_iso(head[1].decode("ascii"), None), values.address(head[2].decode())
    if when is None or sender is None:
        return None
    original = line[head.end() :]
    # Between the words of a message, and in JSON, a blank says the same as the end of a line.
    return ReceivedLine(
        when, sender, _ESCAPED.sub(b" ", original) if b"#" in original else original
    )


def original_at(line: bytes) -> int:
    """Return where the message begins in a received line, 0 where it is none."""
    head = _PREFIX.match(line)
    return 0 if head is None else head.end()


class Received:
    """Messages that a watch received over the network."""

    name = NAME
    title = N_("Messages received by a watch (syslog over UDP, TCP, TLS)")
    reads = N_("each message by its own form, dated by when it was received, with its sender")

    def recognise(self, head: bytes) -> bool:
        """Return whether most of the first lines hold a message behind a time and a sender.

        A relay writes its own lines in the same form, but with the tag of the program there.
        """
        lines = list(first_lines(head))
        prefixes = [(line, prefix) for line in lines if (prefix := _PREFIX.match(line))]
        if not prefixes or 2 * len(prefixes) <= len(lines):
            return False
        is_original = any(_is_original(line, prefix) for line, prefix in prefixes)
        return is_original and split_received(prefixes[0][0]) is not None

    def layout(self, head: bytes) -> LogLayout:
        """Return where the hour of each line is: when it was received."""
        return LogLayout(
            DATASET,
            clock=LineClock(length=_HOUR, client=_client(head)),
            marker=b"DHCP",
            translates=True,
        )

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return one event a line."""
        rows = ParsedLines()
        batch: list[Line] = []
        for line in rows.filled(lines):
            batch.append(line)
            if len(batch) == _AT_ONCE:
                _read(batch, zone, rows)
                batch = []
        _read(batch, zone, rows)
        return rows


def _is_original(line: bytes, prefix: re.Match[bytes]) -> bool:
    if _OF_A_SENDER.match(line, prefix.end()):
        return True
    is_as_we_write = prefix.end(1) - prefix.start(1) == _STAMP_BYTES
    return is_as_we_write and _OF_A_RELAY.match(line, prefix.end()) is None


def usual_form(text: bytes) -> str:
    """Return the name of the form that most of the known messages in `text` have, "" for none."""
    forms = Counter(form.name for form in _forms(text))
    name, count = forms.most_common(1)[0] if forms else ("", 0)
    return name if 2 * count > forms.total() else ""


def _client(head: bytes) -> bytes:
    return _CLIENTS.get(usual_form(head), b"")


def _forms(head: bytes) -> Iterator[LineForm]:
    for line in first_lines(head):
        split = split_received(line)
        form = None if split is None else form_of(_peeled(split, UTC))
        if form is not None:
            yield form


def _peeled(split: ReceivedLine, zone: Zone) -> list[LineLayer]:
    around = LineLayer("", "", None, split.when_us, host=split.sender)
    return peel(split.original, zone, split.when_us, around)


def _read(batch: list[Line], zone: Zone, rows: ParsedLines) -> None:
    """Add the events of some lines; what their forms need is looked for in all of them at once."""
    splits = [split_received(line) for _, line in batch]
    peeled = [
        peel(line, zone, None) if split is None else _peeled(split, zone)
        for split, (_, line) in zip(splits, batch, strict=True)
    ]
    tables = tables_for(layer for layers in peeled for layer in layers)
    for split, layers, (offset, line) in zip(splits, peeled, batch, strict=True):
        record = read_layers(layers, zone, None if split is None else split.when_us, tables)
        if split is None:
            rows.add(offset, text_lines.read(line, zone) if record is None else record)
            continue
        if record is None:
            record = text_lines.read(split.original, zone)
        rows.add(offset, _completed(record, split))


def _completed(record: Record, split: ReceivedLine) -> dict[str, Any]:
    """Return the event with what the message leaves out: its sender, and whose zone it was."""
    record = _in_its_zone(record, split)
    record.setdefault("@timestamp", split.when_us)
    record.setdefault("observer.name", split.sender)
    return record


def _in_its_zone(record: Record, split: ReceivedLine) -> Record:
    """Return the event in the zone that fits when it came, where its time has none of its own.

    What fits needs no zone any more. A message of the future was written by a clock that is wrong.
    One that waited on its way stays as it is.
    """
    when = record.get("@timestamp")
    if when is None or "event.timezone" not in record:
        return record
    if abs(when - split.when_us) > TOLERANCE_US:
        layers = _peeled(split, UTC)
        other = read_layers(layers, UTC, split.when_us) or text_lines.read(split.original, UTC)
        in_utc = other.get("@timestamp")
        if in_utc is not None and abs(in_utc - split.when_us) <= TOLERANCE_US:
            record = other
        elif when > split.when_us + TOLERANCE_US:
            record["@timestamp"] = split.when_us
        else:
            return record
    return {name: content for name, content in record.items() if name != "event.timezone"}
