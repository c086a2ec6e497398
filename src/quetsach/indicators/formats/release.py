"""The form of our own releases: indicators come back with all their origins."""

from collections.abc import Iterator

from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.releases.lines import ReleaseEntry, entry_of
from quetsach.indicators.releases.release import MARK, lines_of, release_problem
from quetsach.indicators.values import ParsedValue, parse_value

_KEPT_TEXT = 200


class ReleaseFile:
    """A version of a set, written by `quetsach indicators release`; signed or not."""

    name = "release"
    title = "Release of quetsach"
    reads = "every indicator with its sources, status, dates and decisions"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each line; None for what does not begin as a release does."""
        if not file.raw.startswith(MARK):
            return None
        problem = release_problem(file.raw, file.name)
        return FormReading(_rows(file.raw, file.options), problems=(problem,) if problem else ())


def _rows(raw: bytes, options: ListOptions) -> Iterator[ListRow]:
    for number, line in lines_of(raw):
        release_entry = entry_of(line)
        if release_entry is None:
            text = line[:_KEPT_TEXT].decode("utf-8", "replace")
            yield ListRow(number, text, "", refused=RefusalReason.UNPARSABLE)
            continue
        indicator = release_entry.indicator
        reason = _refused(release_entry, options)
        yield ListRow(
            number,
            indicator.shown,
            indicator.key,
            refused=reason,
            ready=None if reason else indicator,
        )


def _refused(release_entry: ReleaseEntry, options: ListOptions) -> RefusalReason | None:
    # The file is untrusted: a key that we would not write ourselves is refused.
    indicator = release_entry.indicator
    if release_entry.dropped:
        return RefusalReason.DECIDED
    parsed = parse_value(indicator.key, options)
    if parsed.reason is not None:
        return parsed.reason
    sound = any(_is_same(parsed_value, indicator) for parsed_value in parsed.values)
    return None if sound and indicator.origins else RefusalReason.UNPARSABLE


def _is_same(parsed: ParsedValue, indicator: Indicator) -> bool:
    if (parsed.key, parsed.kind) != (indicator.key, indicator.kind):
        return False
    if (
        indicator.kind is IndicatorKind.NAME
    ):  # its port is for people, and a list may narrow it to itself
        return indicator.rule in (MatchRule.BELOW, MatchRule.EXACT) and (
            indicator.port or 0
        ) in range(65_536)
    return (parsed.rule, parsed.port) == (indicator.rule, indicator.port)
