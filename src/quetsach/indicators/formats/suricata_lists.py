"""Suricata's lists: IP reputation (`address,category,score`), its categories, and datasets."""

import base64
import binascii
import re
from collections.abc import Iterator

from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.formats.plain import LONGEST_LABEL
from quetsach.indicators.model import NO_CLAIM, Claim, IndicatorClass, MatchRule
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.values import parse_value

# Suricata, doc/userguide/reputation/ipreputation/ip-reputation-format.rst: 60 categories at most,
# scores of 1 to 127.
_ROW = re.compile(r"\s*([0-9a-fA-F.:]{2,45}(?:/\d{1,3})?)\s*,\s*(\d{1,2})\s*,\s*(\d{1,3})\s*")
_CATEGORY = re.compile(r"#?\s*(\d{1,2})\s*,\s*([^,]{1,80}?)\s*,\s*([^,]{1,200}?)\s*")
_MOST_CATEGORIES = 60
_CLASS = {
    "c2": IndicatorClass.C2,
    "cnc": IndicatorClass.C2,
    "c&c": IndicatorClass.C2,
    "phish": IndicatorClass.PHISHING,
    "scan": IndicatorClass.SCANNER,
    "sinkhole": IndicatorClass.SINKHOLE,
}


class SuricataIprep:
    """A reputation list, with names of categories only where the same file gives them."""

    name = "suricata-iprep"
    title = "Suricata IP reputation"
    reads = "addresses and networks with category and score; a category file is not a list"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each line, or None for any other file."""
        sample = file.sample
        if sample and sum(_ROW.fullmatch(line) is not None for line in sample) > 0.8 * len(sample):
            return FormReading(iprep_rows(file.lines(), _named_in(file.head)), "1")
        if _is_categories(file):
            return FormReading(_category_rows(file.lines()))
        return None


def iprep_rows(lines: Iterator[str], names: dict[str, str]) -> Iterator[ListRow]:
    """Return a row for each line; `names` are those of the categories by their number."""
    claims: dict[tuple[str, str], Claim] = {}
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        match = _ROW.fullmatch(text)
        if match is None:
            yield ListRow(number, text, text, refused=RefusalReason.UNPARSABLE)
            continue
        address, category, score = match.groups()
        if (category, score) not in claims:
            claims[category, score] = _claim(names.get(category, ""), category, score)
        yield ListRow(number, text, address, claim=claims[category, score])


def _claim(name: str, category: str, score: str) -> Claim:
    label = f"{name or f'category {category}'}, score {score}"
    lowered = name.lower()
    of_class = next((known_class for word, known_class in _CLASS.items() if word in lowered), None)
    return Claim(
        of_class=IndicatorClass.UNKNOWN if of_class is None else of_class,
        label=label[:LONGEST_LABEL],
        confidence=min(int(score), 100),
    )


def _named_in(head: list[str]) -> dict[str, str]:
    matches = (_CATEGORY.fullmatch(line) for line in head if line.startswith("#"))
    return {
        match.group(1): match.group(3)
        for match in matches
        if match and not match.group(3).isdigit()
    }


def _is_categories(file: ListFile) -> bool:
    rows = [_CATEGORY.fullmatch(line) for line in file.sample]
    if not rows or len(rows) > _MOST_CATEGORIES or None in rows:
        return False
    matches = [match for match in rows if match is not None]
    numbers = {match.group(1) for match in matches}
    # "1,bad.example,Emotet" is a numbered table: no category parses as an indicator.
    words = (word for match in matches for word in match.group(2, 3))
    unread = (RefusalReason.UNPARSABLE, RefusalReason.EMPTY)
    return len(numbers) == len(rows) and all(
        parse_value(word, file.options).reason in unread for word in words
    )


def _category_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if text and not text.startswith("#"):
            yield ListRow(number, text, text, refused=RefusalReason.OTHER_KIND)


# Suricata, doc/userguide/rules/datasets.rst: type string is base64; a reputation may follow.
_LINE = re.compile(r"([A-Za-z0-9+/]{4,5462}={0,2})(?:,(\d{1,5}))?")
_HEX = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")


class SuricataDataset:
    """A data set of the type `string`; those of md5, sha256 and ip are plain lists."""

    name = "suricata-dataset"
    title = "Suricata data set (strings)"
    reads = "names and web addresses in base64, matched exactly; `.name` covers its subdomains"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each line, or None where most lines are no value in base64."""
        sample = [line.strip() for line in file.sample]
        good = sum(_is_value(line, file.options) for line in sample)
        if not good or good < 0.8 * len(sample):
            return None
        return FormReading(dataset_rows(file.lines()))


def dataset_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    """Return a row for each line; one that is no base64 of a text is refused."""
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        value_text, score = _decoded(text)
        if value_text is None:
            yield ListRow(number, text, text, refused=RefusalReason.UNPARSABLE)
            continue
        below = value_text.startswith(".")
        exact = not below and re.fullmatch(r"[^/:]*[^\d./:][^/:]*", value_text) is not None
        yield ListRow(
            number,
            f"{value_text} = {text}",
            value_text,
            rule=MatchRule.EXACT if exact else None,
            claim=Claim(label=f"score {score}") if score else NO_CLAIM,
        )


def _decoded(text: str) -> tuple[str | None, str]:
    match = _LINE.fullmatch(text)
    if match is None or _HEX.fullmatch(match.group(1)):
        return None, ""
    try:
        decoded = base64.b64decode(match.group(1), validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return None, ""
    # A line end inside is the usual mistake of `echo x | base64`; Suricata then meets nothing.
    decoded = decoded.removesuffix("\n")
    return (decoded if decoded.isprintable() else None), match.group(2) or ""


def _is_value(text: str, options: ListOptions) -> bool:
    value, _score = _decoded(text)
    if value is None or ("." not in value and ":" not in value):
        return False
    return parse_value(value, options).reason not in (RefusalReason.UNPARSABLE, RefusalReason.EMPTY)
