"""The output of md5sum, sha1sum and sha256sum: a hash, then the name of the file it is of."""

import re
from collections.abc import Iterator

from quetsach.indicators.forms.contract import FormReading, ListFile
from quetsach.indicators.forms.plain import LONGEST_LABEL
from quetsach.indicators.forms.rows import ListRow
from quetsach.indicators.model import Claim

# coreutils, "md5sum invocation": a blank, then a blank or `*`, then the name; BSD's --tag form.
_LINE = re.compile(
    r"\\?([0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})[ \t]+\*?(\S.*)"
    r"|(?:MD5|SHA1|SHA256) \((.+)\) = ([0-9a-fA-F]{32,64})"
)


class Checksums:
    """A list of hashes with the names of their files."""

    name = "checksums"
    title = "Checksums (md5sum, sha1sum, sha256sum)"
    reads = "the hash; the file's name becomes the remark and is no indicator"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each line, or None where not nearly all lines are checksums."""
        good = sum(_LINE.fullmatch(line.strip()) is not None for line in file.sample)
        if not good or good <= 0.9 * len(file.sample):
            return None
        return FormReading(checksum_rows(file.lines()), "1")


def checksum_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    """Return a row for each line; one of another form is judged as it stands."""
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        found = _LINE.fullmatch(text)
        if found is None:
            yield ListRow(number, text, text)
        else:
            value, name = found.group(1) or found.group(4), found.group(2) or found.group(3)
            yield ListRow(number, text, value, claim=Claim(label=name[:LONGEST_LABEL]))
