"""Filter lists of ad blockers and AdGuard: `||name^`, exceptions, and rules for parts of pages."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from quetsach.addresses import parse_address
from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.model import MatchRule
from quetsach.indicators.options import RefusalReason

_HEADER = re.compile(r"\[\s*ad(?:block|guard)[^\]]{0,80}\]\s*", re.IGNORECASE)
_COSMETIC = re.compile(r"#[@?$%]{0,3}#|\$\$|\$@\$")
_MARKED = re.compile(r"(?:@@)?\|\|?\S|!|/.*/(?:\$.*)?$")
_NAME = re.compile(r"(?:[\w-]{1,63}\.)+[\w-]{2,63}")
_HOSTS = re.compile(r"(?:0\.0\.0\.0|127\.0\.0\.1|::1?)\s+([\w.-]{1,253})")
# These narrow a rule to no kind of content and to no page, so that any contact breaks it
# (AdGuard DNS filtering syntax; Adblock Plus, "How to write filters").
_WHOLE = frozenset(("third-party", "3p", "all", "document", "doc", "popup", "important"))


class _Rule(NamedTuple):
    value: str
    rule: MatchRule | None = None
    refused: RefusalReason | None = None


class Adblock:
    """A filter list."""

    name = "adblock"
    title = "Ad blocker or AdGuard filter list"
    reads = "`||name^` with its subdomains, and whole web addresses; `@@` is an exception"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each rule, or None where few lines are written as filters."""
        if any(map(_HEADER.fullmatch, file.head[:5])):
            return FormReading(adblock_rows(file.lines()))
        sample = [line.strip() for line in file.sample]
        marked = sum(_is_marked(line) for line in sample)
        anchored = any(line.startswith(("||", "@@||", "|http")) for line in sample)
        if not anchored or marked < 0.5 * len(sample):
            return None
        return FormReading(adblock_rows(file.lines()))


def adblock_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    """Return a row for each rule; comments are none, rules for parts of pages are refused."""
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("!") or _HEADER.fullmatch(text):
            continue
        if text.startswith("#") and not _COSMETIC.match(text):
            continue
        rule = _read(text)
        yield ListRow(number, text, rule.value, rule=rule.rule, refused=rule.refused)


def _is_marked(line: str) -> bool:
    return _MARKED.match(line) is not None or _COSMETIC.search(line) is not None


def _read(text: str) -> _Rule:
    if _COSMETIC.search(text):
        return _Rule(text, refused=RefusalReason.OTHER_KIND)
    if text.startswith("@@"):
        return _Rule(text, refused=RefusalReason.EXCEPTION)
    body, _, options = text.partition("$")
    if not text.startswith("/") and options:
        if "badfilter" in options.split(","):
            return _Rule(text, refused=RefusalReason.EXCEPTION)
        if not _WHOLE.issuperset(options.split(",")):
            return _Rule(text, refused=RefusalReason.NOT_APPLIED)
    if body.startswith("||"):
        return _below(body[2:])
    if body.startswith("|") and "://" in body[:10]:
        return _prefix(body[1:])
    hosts = _HOSTS.fullmatch(body)  # AdGuard takes lines of a hosts file as well
    if hosts is not None:
        return _Rule(hosts.group(1), MatchRule.EXACT)
    if _NAME.fullmatch(body):
        # To AdGuard a plain line is one name; to a browser a substring, which never counts.
        return _Rule(body, rule=None if parse_address(body) else MatchRule.EXACT)
    return _Rule(text, refused=RefusalReason.NOT_APPLIED)


def _below(body: str) -> _Rule:
    target = body.removesuffix("|").removesuffix("^")
    target = target.removeprefix("*.")
    if not target or "*" in target or "^" in target or "|" in target:
        return _Rule(body, refused=RefusalReason.NOT_APPLIED)
    return _Rule(target)


def _prefix(body: str) -> _Rule:
    prefix = body.removesuffix("|").removesuffix("*").removesuffix("^")
    if "*" in prefix or "^" in prefix or "|" in prefix:
        return _Rule(body, refused=RefusalReason.NOT_APPLIED)
    return _Rule(prefix)
