"""Blocking lines of Unbound: `local-zone: "name" always_nxdomain`, and its `local-data`."""

import re
from collections.abc import Iterator

from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.formats.dnsmasq import leads_nowhere
from quetsach.indicators.model import MatchRule
from quetsach.indicators.options import RefusalReason

_ZONE = re.compile(r"local-zone:\s*[\"']?([^\"'\s]+)[\"']?\s+(\w+)\s*(?:#.*)?")
_DATA = re.compile(
    r"local-data:\s*[\"'](\S+)\s+(?:\d{1,10}\s+)?(?:IN\s+)?(A|AAAA|TXT)\s+(\S.*?)\s*[\"']"
    r"\s*(?:#.*)?",
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
_LONGEST_LINE = 4096
_SECTION = re.compile(
    r"(?:server|remote-control|auth-zone|forward-zone|stub-zone|view):\s*(?:#.*)?"
)


class Unbound:
    """A block list for Unbound."""

    name = "unbound"
    title = "Unbound block list"
    reads = "blocked zones, each with its subdomains; transparent zones are exceptions"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each zone, or None where most lines are no local zones."""
        sample = [line.strip() for line in file.sample]
        good = sum(line.startswith(("local-zone:", "local-data:")) for line in sample)
        settings = sum(_SECTION.fullmatch(line) is None for line in sample)
        if not good or good <= 0.5 * settings:
            return None
        return FormReading(unbound_rows(file.lines()))


def unbound_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    """Return a row for each line that is no heading; other settings are of other kind.

    A transparent zone that holds nothing but a text answers for its own name with no address:
    that name alone is blocked. Any other transparent zone is an exception.
    """
    open_zone: ListRow | None = None
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#") or _SECTION.fullmatch(text):
            continue
        list_row = _row(number, text)
        if open_zone is not None:
            is_text = (
                list_row.refused is RefusalReason.CONTEXT and list_row.value == open_zone.value
            )
            yield open_zone._replace(rule=MatchRule.EXACT, refused=None) if is_text else open_zone
        open_zone = list_row if list_row.refused is RefusalReason.EXCEPTION else None
        if open_zone is None:
            yield list_row
    if open_zone is not None:
        yield open_zone


def _row(number: int, text: str) -> ListRow:
    zone, local_data = _ZONE.fullmatch(text), _DATA.fullmatch(text[:_LONGEST_LINE])
    if zone is not None:
        name, kind = zone.group(1).rstrip("."), zone.group(2).lower()
        refused = None if kind in _BLOCKING else RefusalReason.OTHER_KIND
        refused = RefusalReason.EXCEPTION if kind in _OPEN else refused
        return ListRow(number, text, name, rule=MatchRule.BELOW, refused=refused)
    if local_data is None:
        return ListRow(number, text, text, refused=RefusalReason.OTHER_KIND)
    name, kind, target = (
        local_data.group(1).rstrip("."),
        local_data.group(2).upper(),
        local_data.group(3),
    )
    # A real address may be a sensor, or a machine of the office: a person must decide.
    refused = None if leads_nowhere(target) else RefusalReason.UNCLEAR
    refused = RefusalReason.CONTEXT if kind == "TXT" else refused
    return ListRow(number, text, name, rule=MatchRule.EXACT, refused=refused)
