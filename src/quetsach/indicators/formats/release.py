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
        entry = entry_of(line)
        if entry is None:
            text = line[:_KEPT_TEXT].decode("utf-8", "replace")
            yield ListRow(number, text, "", refused=RefusalReason.UNPARSABLE)
            continue
        one = entry.indicator
        reason = _refused(entry, options)
        yield ListRow(number, one.shown, one.key, refused=reason, ready=None if reason else one)


def _refused(entry: ReleaseEntry, options: ListOptions) -> RefusalReason | None:
    # The file may come from anybody: a key that we would not write ourselves is not taken.
    one = entry.indicator
    if entry.dropped:
        return RefusalReason.DECIDED
    parsed = parse_value(one.key, options)
    if parsed.reason is not None:
        return parsed.reason
    sound = any(_is_same(value, one) for value in parsed.values)
    return None if sound and one.origins else RefusalReason.UNPARSABLE


def _is_same(value: ParsedValue, one: Indicator) -> bool:
    if (value.key, value.kind) != (one.key, one.kind):
        return False
    if one.kind is IndicatorKind.NAME:  # its port is for people, and a list may narrow it to itself
        return one.rule in (MatchRule.BELOW, MatchRule.EXACT) and (one.port or 0) in range(65_536)
    return (value.rule, value.port) == (one.rule, one.port)
