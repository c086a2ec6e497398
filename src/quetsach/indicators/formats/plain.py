"""Lists of one value a line: plain lists, checksums, regular expressions, WISE and AS numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quetsach.indicators.formats.contract import FEWEST_BYTES, FormReading, ListFile, ListRow
from quetsach.indicators.model import NO_CLAIM, Claim, MatchRule
from quetsach.indicators.options import RefusalReason

_COMMENT_LINE = ("#", ";", "//")
# "#" inside a word belongs to a web address; with a blank on either side it begins a comment.
_COMMENT = re.compile(r"\s[#;]|[#;](?=\s|$)")
# No host begins with a dash, so a dash right before it is a bullet as well.
_BULLET = re.compile(r"(?:\d{1,6}[.)]|[-*+\u2022\u2013]{1,3})\s+|[-\u2022\u2013](?=\w)")
LONGEST_LABEL = 200
"""How much of a comment is kept as the label, in characters."""


@dataclass(frozen=True)
class PlainList:
    """The fallback form: any text is a list of lines.

    Files of `bulk_from` bytes and more are read a column at a time.
    """

    bulk_from: int = FEWEST_BYTES
    name = "plain"
    title = "Plain list"
    reads = "one value a line, comments after `#` or `;`"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each line; None for data that are no text."""
        if not file.is_text:
            return None
        if len(file.raw) < self.bulk_from:
            return FormReading(plain_rows(file.lines()))
        # A small list is read without what reads columns, which takes time to load.
        from quetsach.indicators.formats.bulk_rows import sift_lines

        sifted = sift_lines(file)
        rows = (row for number, line in sifted.rest for row in _rows(number, line))
        return FormReading(rows, bulk=sifted.bulk)


def plain_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    """Return the rows of a plain list; blank lines and comments are none."""
    for number, line in enumerate(lines, start=1):
        yield from _rows(number, line)


def _rows(number: int, line: str) -> Iterator[ListRow]:
    text = line.strip()
    if text and not text.startswith(_COMMENT_LINE):
        value_text, label = text, ""
        if "#" in text or ";" in text:
            value_text, label = without_comment(text)
        bullet = _BULLET.match(value_text)
        if bullet:
            value_text = value_text[bullet.end() :]
        yield ListRow(number, text, value_text, claim=Claim(label=label) if label else NO_CLAIM)


def without_comment(text: str) -> tuple[str, str]:
    """Return the value that the row `text` writes, and the text after `#` or `;`."""
    match = _COMMENT.search(text)
    if match is None:
        return text, ""
    label = text[match.start() :].strip().lstrip("#;").strip()
    return text[: match.start()].rstrip(), label[:LONGEST_LABEL]


# Spamhaus ASN-DROP and other lists of autonomous systems: no log names a whole provider.

_ASN = re.compile(r"AS\d{1,10}(?=\s|;|,|$)", re.IGNORECASE)
_ASN_LIST_COMMENT = (";", "#", "//")


class AsnList:
    """A list of the numbers of providers."""

    name = "asn"
    title = "List of autonomous systems"
    reads = "no indicators: each row is refused as another kind"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a refused row for each line, or None where most lines begin otherwise."""
        rows = [line for line in file.sample if not line.startswith(_ASN_LIST_COMMENT)]
        if not rows or sum(_ASN.match(line) is not None for line in rows) <= 0.8 * len(rows):
            return None
        return FormReading(_asn_list_rows(file.lines()))


def _asn_list_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if text and not text.startswith(_ASN_LIST_COMMENT):
            refused = RefusalReason.OTHER_KIND if _ASN.match(text) else None
            yield ListRow(number, text, text.partition(";")[0].strip(), refused=refused)


# coreutils, "md5sum invocation": a blank, then a blank or `*`, then the name; BSD's --tag form.
_LINE = re.compile(
    r"\\?([0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})[ \t]+\*?(\S.*)"
    r"|(?:MD5|SHA1|SHA256) \((.+)\) = ([0-9a-fA-F]{32,64})"
)


class Checksums:
    """A list of hashes with the names of their files."""

    name = "checksums"
    title = "Checksums (md5sum, sha1sum, sha256sum)"
    reads = "the hash; the file's name becomes the remark and is not an indicator"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each line, or None where not nearly all lines are checksums."""
        good = sum(_LINE.fullmatch(line.strip()) is not None for line in file.sample)
        if not good or good <= 0.9 * len(file.sample):
            return None
        return FormReading(checksum_rows(file.lines()), "1")


def checksum_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    """Return a row for each line; a line in another form is parsed unchanged."""
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        match = _LINE.fullmatch(text)
        if match is None:
            yield ListRow(number, text, text)
        else:
            digest, name = match.group(1) or match.group(4), match.group(2) or match.group(3)
            yield ListRow(number, text, digest, claim=Claim(label=name[:LONGEST_LABEL]))


# Pi-hole documentation, "Regex blocking": `(\.|^)name\.example$` is a name with all below it.
_BELOW = re.compile(r"\((?:\^\|\\\.|\\\.\|\^)\)((?:[\w-]{1,63}\\\.){1,20}[\w-]{2,63})\$")
_EXACT = re.compile(r"\^((?:[\w-]{1,63}\\\.){1,20}[\w-]{2,63})\$")
_PATTERN = re.compile(r"\^|\((?:\^\||\\\.\||\.)|.*(?:\\\.|\.\*|\$$)")
_SURE = re.compile(r"\((?:\^\|\\\.|\\\.\|\^)\)|\^[\w-]{1,63}\\\.|\^.{1,200}\$$")


class PiholeRegex:
    """A list of regular expressions over names."""

    name = "pihole-regex"
    title = "Pi-hole patterns"
    reads = "patterns for one name, or for it and its subdomains; others are not applied"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each pattern, or None where most lines are none."""
        sample = [line.strip() for line in file.sample]
        patterns = sum(_PATTERN.match(line) is not None for line in sample)
        if not any(map(_SURE.match, sample)) or patterns <= 0.8 * len(sample):
            return None
        return FormReading(pattern_rows(file.lines()))


def pattern_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    """Return a row for each pattern; those for more than one name are refused as not applied."""
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        short = text[:2000]
        below, exact = _BELOW.fullmatch(short), _EXACT.fullmatch(short)
        match = exact if below is None else below
        if match is None:
            yield ListRow(number, text, short, refused=RefusalReason.NOT_APPLIED)
        else:
            name = match.group(1).replace("\\.", ".")
            yield ListRow(number, text, name, rule=MatchRule.BELOW if below else MatchRule.EXACT)


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
        value_text, _, rest = text.partition(";")
        fields = [field.partition("=") for field in rest.split(";")]
        tags = ", ".join(tag for name, _, tag in fields if name == "tags")
        label = (tags or rest)[:LONGEST_LABEL]
        yield ListRow(number, text, value_text, claim=Claim(label=label) if label else NO_CLAIM)
