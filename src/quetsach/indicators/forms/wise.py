"""Arkime's WISE and tagger lists: a value, then fields as `name=text`, parted by semicolons."""

import re
from collections.abc import Iterator

from quetsach.indicators.forms.contract import FormReading, ListFile
from quetsach.indicators.forms.plain import LONGEST_LABEL
from quetsach.indicators.forms.rows import ListRow
from quetsach.indicators.model import NO_CLAIM, Claim

_FIELDS = re.compile(r"[^;\s]+(?:;[\w.-]{1,80}=[^;]*)+;?")
_TYPE = re.compile(r"#type:\s*\w+")


class Wise:
    """A list of Arkime."""

    name = "wise"
    title = "Arkime WISE list"
    reads = "the value before the first semicolon; `tags` become the remark"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each line, or None where most lines carry no such fields."""
        sample = [line.strip() for line in file.sample]
        good = sum(_FIELDS.fullmatch(line) is not None for line in sample)
        if good <= 0.5 * len(sample) and not any(map(_TYPE.match, file.head)):
            return None
        return FormReading(wise_rows(file.lines())) if good else None


def wise_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    """Return a row for each line that is neither blank nor a comment."""
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        value, _, rest = text.partition(";")
        fields = [field.partition("=") for field in rest.split(";")]
        tags = ", ".join(said for name, _, said in fields if name == "tags")
        label = (tags or rest)[:LONGEST_LABEL]
        yield ListRow(number, text, value, claim=Claim(label=label) if label else NO_CLAIM)
