"""Host names in their one canonical form (`xn--`, lower case), and the form that people read."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from publicsuffixlist import PSLFILE, PublicSuffixList

LONGEST_NAME = 253
LONGEST_LABEL = 63
"""RFC 1035, 2.3.4; in characters of the `xn--` form."""

# The ideographic and the full-width stops that IDNA (UTS 46) reads as a dot.
_STOPS = str.maketrans(dict.fromkeys("\u3002\uff0e\uff61", "."))
# Underscores occur in real DNS names (`_dmarc`, `_ldap`) though IDNA forbids them.
_ASCII_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_UNLISTED = "no-such-name-stands-on-the-list"
_KEPT = ("L", "M", "N", "So")


@dataclass(frozen=True)
class HostName:
    """A host name: canonical, as people read it, and whether IDNA 2008 allows it."""

    ascii: str
    shown: str
    strict: bool


def parse_name(text: str) -> HostName | None:
    """Return the host name of one or more labels that `text` writes, or None.

    A label that IDNA 2008 forbids but Unicode can write is kept, `strict` false.
    """
    if len(text) > LONGEST_NAME + 1:
        return None
    labels = _labels(text)
    pairs = [(label, True) if label.isascii() else _idna_label(label) for label in labels]
    name = ".".join(label for label, _ in pairs)
    if len(name) > LONGEST_NAME or not all(_ASCII_LABEL.fullmatch(label) for label, _ in pairs):
        return None
    if pairs[-1][0].isdigit():
        return None
    return HostName(name, display_name(name), all(strict for _, strict in pairs))


def name_from_log(text: str) -> str:
    """Return the canonical form of a name as a log gives it, however damaged; never fails."""
    if text.isascii():
        return text.lower().strip(".")
    labels = _labels(text)
    return ".".join(label if label.isascii() else _idna_label(label)[0] for label in labels)


def display_name(name: str) -> str:
    """Return the form of a canonical name that people read."""
    if "xn--" not in name:
        return name
    return ".".join(_shown_label(label) for label in name.split("."))


def suffix_section(name: str) -> Literal["", "icann", "private"]:
    """Return the part of the Public Suffix List that has `name` itself, or "".

    `com.vn` is "icann"; `duckdns.org`, under which strangers get names, is "private". A name that
    only a private wildcard covers (`*.compute-1.amazonaws.com`) is one customer's machine: "".
    """
    if not _may_be_suffix(name):
        return ""
    suffixes = _suffixes(only_icann=False)
    if suffixes.publicsuffix(name) != name:
        return ""
    if _suffixes(only_icann=True).publicsuffix(name) == name:
        return "icann"
    sibling = f"{_UNLISTED}.{name.partition('.')[2]}"
    return "" if suffixes.publicsuffix(sibling) == sibling else "private"


def is_known_tld(label: str) -> bool:
    """Return whether `label` is a top-level domain of the Public Suffix List."""
    return label.lower() in _endings() or name_from_log(label) in _endings()


def _labels(text: str) -> list[str]:
    plain = unicodedata.normalize("NFC", text).lower().translate(_STOPS)
    return plain.strip(".").split(".")


def _idna_label(label: str) -> tuple[str, bool]:
    """Return the `xn--` form (the label itself if there is none), and if IDNA 2008 allows it."""
    return (label, False) if len(label) > LONGEST_LABEL else _idna_short_label(label)


@lru_cache(maxsize=65536)
def _idna_short_label(label: str) -> tuple[str, bool]:
    import idna  # It takes longer to load than to sweep a small log; few names need it.

    try:
        return idna.encode(label, uts46=True).decode("ascii"), True
    except UnicodeError:
        pass
    if not all(unicodedata.category(char).startswith(_KEPT) or char in "-_" for char in label):
        return label, False
    return "xn--" + label.encode("punycode").decode("ascii"), False


def _shown_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    import idna

    try:
        shown = idna.decode(label)
    except UnicodeError:
        shown = _from_punycode(label)
    # What would not come back as the same label (or hides controls) is shown as it is written.
    leads_back = not shown.isascii() and name_from_log(shown) == label
    return shown if leads_back else label


def _from_punycode(label: str) -> str:
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label


def _may_be_suffix(name: str) -> bool:
    """Return False for nearly every name, quickly: where no rule is it, below it or beside it."""
    wide = f"*.{name.partition('.')[2]}"
    return "xn--" in name or not suffix_rules().isdisjoint((name, f"*.{name}", wide))


@cache
def suffix_rules() -> frozenset[str]:
    """Return the lines of the Public Suffix List that are rules, as they are written."""
    lines = Path(PSLFILE).read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().lower() for line in lines if not line.startswith("//"))


@cache
def _endings() -> frozenset[str]:
    """Return the top-level domains of the Public Suffix List, in their canonical form."""
    return frozenset(name_from_log(rule.rpartition(".")[2]) for rule in suffix_rules())


@cache
def _suffixes(*, only_icann: bool) -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=only_icann)
