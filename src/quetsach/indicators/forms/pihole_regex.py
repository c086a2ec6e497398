"""Pi-hole's list of patterns: those that say no more than one name are lifted."""

import re
from collections.abc import Iterator

from quetsach.indicators.forms.contract import FormReading, ListFile
from quetsach.indicators.forms.rows import ListRow
from quetsach.indicators.model import Rule
from quetsach.indicators.options import Reason

# Pi-hole documentation, "Regex blocking": `(\.|^)name\.example$` is a name with all below it.
_BELOW = re.compile(r"\((?:\^\|\\\.|\\\.\|\^)\)((?:[\w-]{1,63}\\\.){1,20}[\w-]{2,63})\$")
_EXACT = re.compile(r"\^((?:[\w-]{1,63}\\\.){1,20}[\w-]{2,63})\$")
_PATTERN = re.compile(r"\^|\((?:\^\||\\\.\||\.)|.*(?:\\\.|\.\*|\$$)")
_SURE = re.compile(r"\((?:\^\|\\\.|\\\.\|\^)\)|\^[\w-]{1,63}\\\.|\^.{1,200}\$$")


class PiholeRegex:
    """A list of regular expressions over names."""

    name = "pihole-regex"
    title = "Pi-hole patterns"
    reads = "patterns for one name, or for it and all below; others are not applied"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each pattern, or None where most lines are none."""
        sample = [line.strip() for line in file.sample]
        patterns = sum(_PATTERN.match(line) is not None for line in sample)
        if not any(map(_SURE.match, sample)) or patterns <= 0.8 * len(sample):
            return None
        return FormReading(pattern_rows(file.lines()))


def pattern_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    """Return a row for each pattern; those that are not lifted are told as not applied."""
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        short = text[:2000]
        below, exact = _BELOW.fullmatch(short), _EXACT.fullmatch(short)
        found = exact if below is None else below
        if found is None:
            yield ListRow(number, text, short, refused=Reason.NOT_APPLIED)
        else:
            name = found.group(1).replace("\\.", ".")
            yield ListRow(number, text, name, rule=Rule.BELOW if below else Rule.EXACT)
