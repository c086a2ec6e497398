"""Response policy zones: a zone file whose names are the names and addresses to be stopped."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.formats.plain import LONGEST_LABEL
from quetsach.indicators.model import NO_CLAIM, Claim, MatchRule
from quetsach.indicators.options import RefusalReason

# Zone file: RFC 1035, 5.1. Triggers and actions: draft-vixie-dnsop-dns-rpz, 3 and 4.
_RECORD = re.compile(
    r"(\S+)?\s+(?:\d{1,10}[smhdwSMHDW]?\s+)?(?:IN\s+)?(?:\d{1,10}[smhdwSMHDW]?\s+)?"
    r"(CNAME|A|AAAA|TXT|SOA|NS|MX|SRV)\s+(\S.*)",
    re.IGNORECASE,
)
_ORIGIN = re.compile(r"\$ORIGIN\s+(\S+)", re.IGNORECASE)
_SOA = re.compile(r"(\S+)\s.*\bSOA\s", re.IGNORECASE)
_TRIGGER = re.compile(r"(.+)\.rpz-(ip|client-ip|nsip|nsdname)", re.IGNORECASE)
_ACTION = re.compile(r"\S+\s.*\bCNAME\s+(?:\.|\*\.|rpz-[\w-]+\.)\s*(?:;.*)?", re.IGNORECASE)
_FIRST_LINES = 40
_NO_ROWS = ("SOA", "NS")


class _Record(NamedTuple):
    owner: str
    kind: str
    target: str


class Rpz:
    """A zone of BIND, Unbound, Knot or PowerDNS."""

    name = "rpz"
    title = "Response policy zone"
    reads = "names, exactly or with subdomains, and addresses; `rpz-passthru` is an exception"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each record, or None for a file that is no such zone."""
        # A zone that leads every name to a sensor has no such action: then it must say what it is.
        names_rpz = any("rpz" in line.lower() for line in file.head[:_FIRST_LINES])
        if not names_rpz and not any(_ACTION.match(line) for line in file.sample):
            return None
        zone_lines = sum(_is_zone_line(line) for line in file.sample)
        if not zone_lines or zone_lines <= 0.3 * len(file.sample):
            return None
        return FormReading(rpz_rows(file.lines(), _origin(file.head)))


def rpz_rows(lines: Iterator[str], origin: str) -> Iterator[ListRow]:
    """Return a row for each record but those of the zone itself.

    Shapes: `origin` is the name of the zone without its last dot, "" where the file has none.
    """
    owner = ""
    in_brackets = False
    for number, line in enumerate(lines, start=1):
        text, _, remark = line.rstrip("\n").partition(";")
        if in_brackets or not text.strip() or text.startswith("$"):
            in_brackets = in_brackets and ")" not in text
            origin = _new_origin(text, origin)
            continue
        match = _RECORD.fullmatch(text.rstrip())
        if match is None:
            yield ListRow(number, line.strip(), text.strip(), refused=RefusalReason.UNPARSABLE)
            continue
        # A line that begins with a blank continues the name of the line before (RFC 1035).
        owner = owner if match.group(1) is None else match.group(1)
        record = _Record(_bare(owner, origin), match.group(2).upper(), match.group(3).strip())
        in_brackets = "(" in text and ")" not in text
        if record.kind not in _NO_ROWS and record.owner not in ("", "@"):
            yield _row(number, line.strip(), record, remark.strip()[:LONGEST_LABEL])


def _row(number: int, text: str, record: _Record, label: str) -> ListRow:
    claim = Claim(label=label) if label else NO_CLAIM
    trigger = _TRIGGER.fullmatch(record.owner)
    refused = _refusal(record, trigger)
    if trigger is not None:
        target = _address(trigger.group(1)) or record.owner
        return ListRow(number, text, target, claim=claim, refused=refused)
    wild = record.owner.startswith("*.")
    rule = MatchRule.BELOW if wild else MatchRule.EXACT
    name = record.owner.removeprefix("*.")
    return ListRow(number, text, name, rule=rule, claim=claim, refused=refused)


def _refusal(record: _Record, trigger: re.Match[str] | None) -> RefusalReason | None:
    if record.kind == "CNAME" and record.target.lower().startswith("rpz-passthru"):
        return RefusalReason.EXCEPTION
    if record.kind not in ("CNAME", "A", "AAAA"):
        return RefusalReason.OTHER_KIND
    if trigger is None or trigger.group(2).lower() == "ip":
        return None
    # A client address is our own side; the name server is a condition that no log contains.
    return (
        RefusalReason.CONTEXT
        if trigger.group(2).lower() == "client-ip"
        else RefusalReason.NOT_APPLIED
    )


def _address(owner: str) -> str | None:
    """Return the network that `24.0.113.0.203` or `128.1.zz.db8.2001` writes backwards."""
    length, *parts = owner.split(".")
    parts.reverse()
    if not length.isdigit():
        return None
    if len(parts) == 4 and all(part.isdigit() for part in parts):
        return f"{'.'.join(parts)}/{length}"
    if "zz" in parts:
        before, after = parts[: parts.index("zz")], parts[parts.index("zz") + 1 :]
        return f"{':'.join(before)}::{':'.join(after)}/{length}"
    return f"{':'.join(parts)}/{length}" if len(parts) == 8 else None


def _bare(owner: str, origin: str) -> str:
    if not owner.endswith("."):
        return owner
    name = owner[:-1]
    if name.lower() == origin:
        return "@"
    return name[: -len(origin) - 1] if origin and name.lower().endswith(f".{origin}") else name


def _origin(head: list[str]) -> str:
    for line in head:
        match = _ORIGIN.match(line) or _SOA.match(line)
        if match is not None and match.group(1).endswith("."):
            return match.group(1)[:-1].lower()
    return ""


def _new_origin(text: str, origin: str) -> str:
    match = _ORIGIN.match(text)
    return origin if match is None else match.group(1).removesuffix(".").lower()


def _is_zone_line(line: str) -> bool:
    text = line.partition(";")[0].rstrip()
    return not text.strip() or text.startswith("$") or _RECORD.fullmatch(text) is not None
