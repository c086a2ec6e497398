"""Suricata's data set of strings: each line is a name or web address in base64."""

import base64
import binascii
import re
from collections.abc import Iterator

from quetsach.indicators.forms.contract import FormReading, ListFile
from quetsach.indicators.forms.rows import ListRow
from quetsach.indicators.model import NO_CLAIM, Claim, Rule
from quetsach.indicators.options import ListOptions, Reason
from quetsach.indicators.parse_value import parse_value

# Suricata, doc/userguide/rules/datasets.rst: type string is base64; a reputation may follow.
_LINE = re.compile(r"([A-Za-z0-9+/]{4,5462}={0,2})(?:,(\d{1,5}))?")
_HEX = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")


class SuricataDataset:
    """A data set of the type `string`; those of md5, sha256 and ip are plain lists."""

    name = "suricata-dataset"
    title = "Suricata data set (strings)"
    reads = "names and web addresses in base64, met exactly; `.name` is met with all below it"

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
        value, score = _decoded(text)
        if value is None:
            yield ListRow(number, text, text, refused=Reason.UNPARSABLE)
            continue
        below = value.startswith(".")
        exact = not below and re.fullmatch(r"[^/:]*[^\d./:][^/:]*", value) is not None
        yield ListRow(
            number,
            f"{value} = {text}",
            value,
            rule=Rule.EXACT if exact else None,
            claim=Claim(label=f"score {score}") if score else NO_CLAIM,
        )


def _decoded(text: str) -> tuple[str | None, str]:
    found = _LINE.fullmatch(text)
    if found is None or _HEX.fullmatch(found.group(1)):
        return None, ""
    try:
        value = base64.b64decode(found.group(1), validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return None, ""
    # A line end inside is the usual mistake of `echo x | base64`; Suricata then meets nothing.
    value = value.removesuffix("\n")
    return (value if value.isprintable() else None), found.group(2) or ""


def _is_value(text: str, options: ListOptions) -> bool:
    value, _score = _decoded(text)
    if value is None or ("." not in value and ":" not in value):
        return False
    return parse_value(value, options).reason not in (Reason.UNPARSABLE, Reason.EMPTY)
