"""The form of our own releases: indicators come back with all their origins."""

from collections.abc import Iterator

from quetsach.indicators.forms.contract import FormReading, ListFile
from quetsach.indicators.forms.rows import ListRow
from quetsach.indicators.model import Indicator, Kind, Rule
from quetsach.indicators.options import ListOptions, Reason
from quetsach.indicators.parse_value import Value, parse_value
from quetsach.indicators.release import MARK, lines_of, release_problem
from quetsach.indicators.release_lines import Entry, entry_of

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
            yield ListRow(number, text, "", refused=Reason.UNPARSABLE)
            continue
        one = entry.indicator
        reason = _refused(entry, options)
        yield ListRow(number, one.shown, one.key, refused=reason, ready=None if reason else one)


def _refused(entry: Entry, options: ListOptions) -> Reason | None:
    # The file may come from anybody: a key that we would not write ourselves is not taken.
    one = entry.indicator
    if entry.dropped:
        return Reason.DECIDED
    parsed = parse_value(one.key, options)
    if parsed.reason is not None:
        return parsed.reason
    sound = any(_is_same(value, one) for value in parsed.values)
    return None if sound and one.origins else Reason.UNPARSABLE


def _is_same(value: Value, one: Indicator) -> bool:
    if (value.key, value.kind) != (one.key, one.kind):
        return False
    if one.kind is Kind.NAME:  # its port is for people, and a list may narrow it to itself
        return one.rule in (Rule.BELOW, Rule.EXACT) and (one.port or 0) in range(65_536)
    return (value.rule, value.port) == (one.rule, one.port)
