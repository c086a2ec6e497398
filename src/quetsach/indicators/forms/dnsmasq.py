"""Blocking lines of dnsmasq: `address=/name/`, `server=/name/`, `local=/name/`."""

import re
from collections.abc import Iterator

from quetsach.addresses import Standing, parse_address, standing
from quetsach.indicators.forms.contract import FormReading, ListFile
from quetsach.indicators.forms.rows import ListRow
from quetsach.indicators.model import Rule
from quetsach.indicators.options import Reason

# dnsmasq(8): a name stands between slashes and covers all below it; several may follow each other.
_LINE = re.compile(r"(?:--)?(address|server|local)=/([^#\s]*)/(\S*)\s*(?:#.*)?")


class Dnsmasq:
    """A block list for dnsmasq, and so for many routers."""

    name = "dnsmasq"
    title = "dnsmasq block list"
    reads = "names led nowhere, each with all below it; other settings are none"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each name, or None where most lines are no blocking lines."""
        good = sum(_LINE.fullmatch(line.strip()) is not None for line in file.sample)
        if not good or good <= 0.5 * len(file.sample):
            return None
        return FormReading(dnsmasq_rows(file.lines()))


def dnsmasq_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    """Return a row for each name of each line; a setting that blocks nothing is of other kind."""
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        found = _LINE.fullmatch(text)
        if found is None:
            yield ListRow(number, text, text, refused=Reason.OTHER_KIND)
            continue
        setting, names, target = found.groups()
        refused = _refusal(setting, target)
        for name in names.split("/"):
            yield ListRow(number, text, name, rule=Rule.BELOW, refused=refused)


def _refusal(setting: str, target: str) -> Reason | None:
    if not target:
        return None
    if setting != "address":
        # `server=/name/#` asks the usual servers, `server=/name/192.0.2.1` the name's own.
        return Reason.EXCEPTION if target == "#" else Reason.CONTEXT
    if target == "#":
        return None
    address = parse_address(target)
    if address is not None and (standing(address) is Standing.RESERVED or address.is_loopback):
        return None
    # A real address may be a sensor, or a machine of the office: a person must say which.
    return Reason.UNCLEAR
