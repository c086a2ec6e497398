"""Blocking lines of Unbound: `local-zone: "name" always_nxdomain`, and its `local-data`."""

import re
from collections.abc import Iterator

from quetsach.addresses import Standing, parse_address, standing
from quetsach.indicators.forms.contract import FormReading, ListFile
from quetsach.indicators.forms.rows import ListRow
from quetsach.indicators.model import Rule
from quetsach.indicators.options import Reason

_ZONE = re.compile(r"local-zone:\s*[\"']?([^\"'\s]+)[\"']?\s+(\w+)\s*(?:#.*)?")
_DATA = re.compile(
    r"local-data:\s*[\"'](\S+)\s+(?:\d{1,10}\s+)?(?:IN\s+)?(A|AAAA)\s+(\S+)\s*[\"']\s*(?:#.*)?",
    re.IGNORECASE,
)
# unbound.conf(5), "local-zone": these answer for the name and all below it.
_BLOCKING = frozenset(
    (
        *("deny", "refuse", "static", "redirect", "inform", "inform_deny", "inform_redirect"),
        *("always_refuse", "always_nxdomain", "always_nodata", "always_null", "always_deny"),
    )
)
_OPEN = frozenset(("transparent", "typetransparent", "always_transparent", "nodefault"))
_SECTION = re.compile(
    r"(?:server|remote-control|auth-zone|forward-zone|stub-zone|view):\s*(?:#.*)?"
)


class Unbound:
    """A block list for Unbound."""

    name = "unbound"
    title = "Unbound block list"
    reads = "zones that are refused, each with all below it; transparent ones are exceptions"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each zone, or None where most lines are no local zones."""
        sample = [line.strip() for line in file.sample]
        good = sum(line.startswith(("local-zone:", "local-data:")) for line in sample)
        settings = sum(_SECTION.fullmatch(line) is None for line in sample)
        if not good or good <= 0.5 * settings:
            return None
        return FormReading(unbound_rows(file.lines()))


def unbound_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    """Return a row for each line that is no heading; other settings are of other kind."""
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#") or _SECTION.fullmatch(text):
            continue
        zone, data = _ZONE.fullmatch(text), _DATA.fullmatch(text)
        if zone is not None:
            name, kind = zone.group(1).rstrip("."), zone.group(2).lower()
            refused = None if kind in _BLOCKING else Reason.OTHER_KIND
            refused = Reason.EXCEPTION if kind in _OPEN else refused
            yield ListRow(number, text, name, rule=Rule.BELOW, refused=refused)
        elif data is not None:
            name, target = data.group(1).rstrip("."), data.group(3)
            refused = None if _leads_nowhere(target) else Reason.UNCLEAR
            yield ListRow(number, text, name, rule=Rule.EXACT, refused=refused)
        else:
            yield ListRow(number, text, text, refused=Reason.OTHER_KIND)


def _leads_nowhere(text: str) -> bool:
    address = parse_address(text)
    if address is None:
        return False
    return standing(address) is Standing.RESERVED or address.is_loopback
