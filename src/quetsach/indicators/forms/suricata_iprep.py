"""Suricata's reputation of addresses: `address,category,score`; and the file of its categories."""

import re
from collections.abc import Iterator

from quetsach.indicators.forms.contract import FormReading, ListFile
from quetsach.indicators.forms.plain import LONGEST_LABEL
from quetsach.indicators.forms.rows import ListRow
from quetsach.indicators.model import Claim, IndicatorClass
from quetsach.indicators.options import Reason
from quetsach.indicators.parse_value import parse_value

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
    reads = "addresses and networks with category and score; a file of categories is no list"

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
        found = _ROW.fullmatch(text)
        if found is None:
            yield ListRow(number, text, text, refused=Reason.UNPARSABLE)
            continue
        address, category, score = found.groups()
        if (category, score) not in claims:
            claims[category, score] = _claim(names.get(category, ""), category, score)
        yield ListRow(number, text, address, claim=claims[category, score])


def _claim(name: str, category: str, score: str) -> Claim:
    label = f"{name or f'category {category}'}, score {score}"
    lowered = name.lower()
    of_class = next((one for word, one in _CLASS.items() if word in lowered), None)
    return Claim(
        of_class=IndicatorClass.UNKNOWN if of_class is None else of_class,
        label=label[:LONGEST_LABEL],
        confidence=min(int(score), 100),
    )


def _named_in(head: list[str]) -> dict[str, str]:
    found = (_CATEGORY.fullmatch(line) for line in head if line.startswith("#"))
    return {one.group(1): one.group(3) for one in found if one and not one.group(3).isdigit()}


def _is_categories(file: ListFile) -> bool:
    rows = [_CATEGORY.fullmatch(line) for line in file.sample]
    if not rows or len(rows) > _MOST_CATEGORIES or None in rows:
        return False
    found = [one for one in rows if one is not None]
    numbers = {one.group(1) for one in found}
    # "1,bad.example,Emotet" is a numbered table: a category never reads as an indicator.
    words = (word for one in found for word in one.group(2, 3))
    unread = (Reason.UNPARSABLE, Reason.EMPTY)
    return len(numbers) == len(rows) and all(
        parse_value(word, file.options).reason in unread for word in words
    )


def _category_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if text and not text.startswith("#"):
            yield ListRow(number, text, text, refused=Reason.OTHER_KIND)
