"""Blocking lines of dnsmasq: `address=/name/`, `server=/name/`, `host-record=name,0.0.0.0`."""

import re
from collections.abc import Iterator

from quetsach.addresses import parse_address
from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.model import MatchRule
from quetsach.indicators.options import RefusalReason

# dnsmasq(8): a name between slashes covers all its subdomains; several may follow each other.
_LINE = re.compile(r"(?:--)?(address|server|local)=/([^#\s]*)/(\S*)\s*(?:#.*)?")
# dnsmasq(8), --host-record: names, then addresses, then a time; the names alone, nothing below.
_RECORD = re.compile(r"(?:--)?host-record=([^#\s]+)\s*(?:#.*)?")
LONGEST_LINE = 4096
"""dnsmasq itself reads no line beyond 1025 signs; in characters."""


class Dnsmasq:
    """A block list for dnsmasq, which many routers use."""

    name = "dnsmasq"
    title = "dnsmasq block list"
    reads = "blocked names, each with its subdomains; other settings are not indicators"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each name, or None where most lines are no blocking lines."""
        sample = [line.strip() for line in file.sample]
        good = sum(bool(_LINE.fullmatch(line) or _RECORD.fullmatch(line)) for line in sample)
        if not good or good <= 0.5 * len(file.sample):
            return None
        return FormReading(dnsmasq_rows(file.lines()))


def dnsmasq_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    """Return a row for each name of each line; a setting that blocks nothing is of other kind."""
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        short = text if len(text) <= LONGEST_LINE else ""
        match, record = _LINE.fullmatch(short), _RECORD.fullmatch(short)
        if match is not None:
            setting, names, target = match.groups()
            refused = _refusal(setting, target)
            for name in names.split("/"):
                yield ListRow(number, text, name, rule=MatchRule.BELOW, refused=refused)
        elif record is not None:
            yield from _record_rows(number, text, record.group(1).split(","))
        else:
            yield ListRow(number, text, text, refused=RefusalReason.OTHER_KIND)


def _record_rows(number: int, text: str, parts: list[str]) -> Iterator[ListRow]:
    addresses = [part for part in parts if parse_address(part) is not None]
    blocked = bool(addresses) and all(map(leads_nowhere, addresses))
    for name in parts:
        if name not in addresses and not name.isdigit():
            refused = None if blocked else RefusalReason.UNCLEAR
            yield ListRow(number, text, name, rule=MatchRule.EXACT, refused=refused)


def leads_nowhere(text: str) -> bool:
    """Return whether `text` is an address that no connection reaches: 0.0.0.0, ::, 127.0.0.1."""
    address = parse_address(text)
    return address is not None and (address.is_unspecified or address.is_loopback)


def _refusal(setting: str, target: str) -> RefusalReason | None:
    if not target:
        return None
    if setting != "address":
        # `server=/name/#` asks the usual servers, `server=/name/192.0.2.1` the name's own.
        return RefusalReason.EXCEPTION if target == "#" else RefusalReason.CONTEXT
    if target == "#" or leads_nowhere(target):
        return None
    # A real address may be a sensor, or a machine of the office: a person must decide.
    return RefusalReason.UNCLEAR
