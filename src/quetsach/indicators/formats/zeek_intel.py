"""The intelligence file of Zeek: columns separated by tabs and named by a `#fields` line."""

import re
from collections.abc import Iterator

from quetsach.addresses import parse_address, parse_network
from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.formats.plain import LONGEST_LABEL
from quetsach.indicators.model import NO_CLAIM, Claim, MatchRule
from quetsach.indicators.options import RefusalReason

# Zeek, base/frameworks/intel/main.zeek (Intel::Type) and files.zeek, policy/.../seen/.
_OTHER_KINDS = frozenset(
    ("EMAIL", "FILE_NAME", "CERT_HASH", "SOFTWARE", "USER_NAME", "PUBKEY_HASH", "JA3", "JA3S")
)
_HASH = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")
_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})")
_UNSET = ("", "-", "(empty)")
_LABELS = ("meta.desc", "meta.source", "meta.url")


class ZeekIntel:
    """An intelligence file as Zeek's input framework reads it."""

    name = "zeek-intel"
    title = "Zeek intelligence file"
    reads = (
        "addresses, networks, names (matched exactly, as in Zeek), web addresses and file hashes"
    )

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each line, or None where no `#fields` line names an indicator."""
        for line in file.head:
            if line.startswith("#fields"):
                fields = line.split()[1:]
                if "indicator" in fields and "indicator_type" in fields:
                    return FormReading(zeek_rows(file.lines()), "indicator")
        return None


def zeek_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    """Return a row for each line that is no comment; one that Zeek cannot read is refused."""
    fields: list[str] = []
    for number, line in enumerate(lines, start=1):
        text = line.rstrip("\n")
        if text.startswith("#"):
            if text.startswith("#fields"):
                # Zeek ignores a header separated by blanks; the rows are then refused.
                fields = text.split("\t")[1:]
        elif text.strip():
            cells = text.split("\t")
            if len(cells) < len(fields) or not fields:
                yield ListRow(number, text.strip(), text.strip(), refused=RefusalReason.UNPARSABLE)
            else:
                yield _row(number, text, dict(zip(fields, cells, strict=False)))


def _row(number: int, text: str, cells: dict[str, str]) -> ListRow:
    indicator = _plain(cells.get("indicator", "")).strip()
    kind = cells.get("indicator_type", "").strip().rpartition("::")[2].upper()
    words = [_plain(cells.get(name, "-")).strip() for name in _LABELS]
    label = "; ".join(word for word in words if word not in _UNSET)[:LONGEST_LABEL]
    confidence = cells.get("meta.confidence", cells.get("meta.cif_confidence", ""))
    claim = Claim(label=label, confidence=_percent(confidence))
    refused = _refusal(kind, indicator)
    # Zeek, policy/frameworks/intel/whitelist.zeek: no hit of this value is reported.
    if refused is None and cells.get("meta.whitelist", "").strip() == "T":
        refused = RefusalReason.EXCEPTION
    # policy/frameworks/intel/removal.zeek: the row takes the value back.
    if refused is None and cells.get("meta.remove", "").strip() == "T":
        refused = RefusalReason.EXCEPTION
    if kind == "URL" and "/" not in indicator:
        indicator += "/"
    return ListRow(
        number,
        text.strip(),
        indicator,
        rule=MatchRule.EXACT if kind == "DOMAIN" else None,
        claim=NO_CLAIM if claim == NO_CLAIM else claim,
        refused=refused,
    )


def _refusal(kind: str, indicator: str) -> RefusalReason | None:
    if kind in _OTHER_KINDS:
        return RefusalReason.OTHER_KIND
    if indicator in _UNSET:
        return RefusalReason.EMPTY
    return None if _fits(kind, indicator) else RefusalReason.UNPARSABLE


def _fits(kind: str, indicator: str) -> bool:
    if kind == "ADDR":
        return parse_address(indicator) is not None
    if kind == "SUBNET":
        return "/" in indicator and parse_network(indicator) is not None
    if kind == "FILE_HASH":
        return _HASH.fullmatch(indicator) is not None
    return kind == "URL" or (kind == "DOMAIN" and "/" not in indicator)


def _plain(cell: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), cell) if "\\" in cell else cell


def _percent(text: str) -> int | None:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else None
