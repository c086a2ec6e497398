"""Maltrail's trails: names, addresses, ports and paths under comments that give their source."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.formats.plain import LONGEST_LABEL, without_comment
from quetsach.indicators.model import Claim, IndicatorClass
from quetsach.indicators.options import RefusalReason

_MARKS = ("Maltrail developers", "# Aliases:")
# "Reference" occurs in a dozen misspellings.
_SOURCE = re.compile(r"#\s*Refer[a-z]{3,8}\s*[:;]?\s*(\S.*)", re.IGNORECASE)
_ALIASES = re.compile(r"#\s*Aliases:\s*(\S.*)", re.IGNORECASE)
_PATTERN = re.compile(r"[(){}|\\]")
_NUMBERED = re.compile(r"-\d{1,3}$")
_NO_FAMILY = ("generic", "mass_scanner", "bad_", "hacked_", "suspicious", "custom")


class Maltrail:
    """A file of trails; the malware's name is that of the file."""

    name = "maltrail"
    title = "Maltrail trails"
    reads = "names, addresses, ports and web addresses; paths without a host are not applied"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each trail, or None where no comment says that these are trails."""
        marked = any(line.startswith("#") and _is_marked(line) for line in file.head)
        return FormReading(maltrail_rows(file.lines(), file.name)) if marked else None


def maltrail_rows(lines: Iterator[str], name: str) -> Iterator[ListRow]:
    """Return a row for each trail of the file `name`, whose folder and stem say what they are."""
    of_class, family = _claim_by_name(PurePosixPath(name))
    claim = Claim(of_class=of_class, family=family)
    in_comments = False
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if text.startswith("#"):
            # The first source of a block is its label; the last one may be a chat message.
            source = None if in_comments else _SOURCE.match(text)
            match = _ALIASES.match(text) if source is None and not claim.label else source
            if match is not None:
                label = match.group(1)[:LONGEST_LABEL]
                claim = Claim(of_class=of_class, family=family, label=label)
            in_comments = in_comments or source is not None
        elif text:
            in_comments = False
            trail, remark = without_comment(text) if "#" in text else (text, "")
            own = Claim(of_class=of_class, family=family, label=remark) if remark else claim
            # "/gate.php?x=" may occur in any web address: that is no indicator.
            refused = RefusalReason.PATH_ONLY if trail.startswith("/") else None
            if _PATTERN.search(trail):
                refused = RefusalReason.NOT_APPLIED
            yield ListRow(number, text, trail, claim=own, refused=refused)


def _is_marked(line: str) -> bool:
    return any(mark in line for mark in _MARKS)


def _claim_by_name(path: PurePosixPath) -> tuple[IndicatorClass, str]:
    stem = path.stem.lower()
    family = "" if stem.startswith(_NO_FAMILY) else _NUMBERED.sub("", stem)
    if stem.startswith("mass_scanner"):
        return IndicatorClass.SCANNER, ""
    if "phish" in stem:
        return IndicatorClass.PHISHING, family
    if stem.endswith("_c2") or "malware" in path.parts[:-1]:
        return IndicatorClass.C2, family
    return IndicatorClass.UNKNOWN, family
