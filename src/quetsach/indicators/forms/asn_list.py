"""Lists of autonomous systems, as Spamhaus ASN-DROP: whole providers, which no log names."""

import re
from collections.abc import Iterator

from quetsach.indicators.forms.contract import FormReading, ListFile
from quetsach.indicators.forms.rows import ListRow
from quetsach.indicators.options import Reason

_ASN = re.compile(r"AS\d{1,10}(?=\s|;|,|$)", re.IGNORECASE)
_COMMENT = (";", "#", "//")


class AsnList:
    """A list of the numbers of providers."""

    name = "asn"
    title = "List of autonomous systems"
    reads = "nothing that is looked for: each row is told as of another kind"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a refused row for each line, or None where most lines begin otherwise."""
        rows = [line for line in file.sample if not line.startswith(_COMMENT)]
        if not rows or sum(_ASN.match(line) is not None for line in rows) <= 0.8 * len(rows):
            return None
        return FormReading(_rows(file.lines()))


def _rows(lines: Iterator[str]) -> Iterator[ListRow]:
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if text and not text.startswith(_COMMENT):
            refused = Reason.OTHER_KIND if _ASN.match(text) else None
            yield ListRow(number, text, text.partition(";")[0].strip(), refused=refused)
