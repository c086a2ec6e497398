"""OpenIOC 1.0 and 1.1: a tree of items joined by OR and AND, as XML."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from quetsach.errors.exceptions import Problem
from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.formats.plain import LONGEST_LABEL
from quetsach.indicators.formats.records import head_text
from quetsach.indicators.model import Claim, IndicatorKind, MatchRule
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.values import parse_value
from quetsach.indicators.vocabulary import class_of, tlp_of
from quetsach.texts import _

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LOOKS = re.compile(r"<(?:\w{1,20}:)?(?:ioc|OpenIOC)[\s>]")
_OF_OPENIOC = re.compile(r"schemas\.mandiant\.com/2010/ioc|openioc\.org|<!(?:DOCTYPE|ENTITY)|<ioc")

# Source: the terms of OpenIOC (Mandiant's list of indicator terms), "search" of a Context.
_NAME_TERMS = re.compile(
    r"Network/DNS|DnsEntryItem/(?:Host|RecordName)|(?:Url|Form|Cookie)HistoryItem/HostName",
    re.IGNORECASE,
)
_URL_TERMS = re.compile(
    r"Network/URI|UrlHistoryItem/URL|FileDownloadHistoryItem/SourceURL", re.IGNORECASE
)
_TERMS = (
    (_NAME_TERMS, IndicatorKind.NAME),
    (_URL_TERMS, IndicatorKind.URL),
    (re.compile(r"[A-Za-z/]+(?:md5|sha1|sha256)sum", re.IGNORECASE), IndicatorKind.HASH),
    (
        re.compile(
            r"PortItem/remoteIP|Network/RemoteIP|DnsEntryItem/RecordData/IPv[46]Address",
            re.IGNORECASE,
        ),
        IndicatorKind.ADDRESS,
    ),
)
_LONGEST_TERM = 200
LARGEST_XML = 16 * 1024 * 1024
"""A tree takes some thirty times its text in memory; real files are a thousandth of this."""

_RULE_TERMS = re.compile(r"(?:Snort|Yara|Network)/(?:Snort|Yara)", re.IGNORECASE)
_FAMILY_LINKS = ("family", "malware", "malwarefamily")


class _Item(NamedTuple):
    """One IndicatorItem, with whether it is enough alone to meet the whole."""

    element: "Element"
    alone: bool


class OpenIoc:
    """OpenIOC 1.0 and 1.1."""

    name = "openioc"
    title = "OpenIOC 1.0, 1.1 (XML)"
    reads = (
        "items that are enough alone: addresses, hashes and web addresses with `is`, names also "
        "with `contains`; items joined by AND are listed as not applied"
    )

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each IndicatorItem, or None where the file is no OpenIOC."""
        head = head_text(file)
        if head.lstrip("\ufeff \t\r\n")[:1] != "<" or not _LOOKS.search(head):
            return None
        if not _OF_OPENIOC.search(head):
            return None
        root = _parsed(file.raw) if len(file.raw) <= LARGEST_XML else _("it is larger than 16 MiB")
        if isinstance(root, str):
            return FormReading((), problems=(Problem("E210", file.name, {"reason": root}),))
        return FormReading(_rows(root))


def _parsed(raw: bytes) -> "Element | str":
    """Return the root of the XML, or why it is not read."""
    # Imported where it is used: few lists are XML.
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(raw, forbid_dtd=True)
    except DefusedXmlException:
        return _("it declares entities or a DTD, as attacks do")
    except (ParseError, ValueError, LookupError) as err:
        return str(err)
    return root


def _rows(root: "Element") -> Iterator[ListRow]:
    claim = _claim(root)
    for number, item in enumerate(_items(root), start=1):
        yield _row(number, item, claim)


def _items(root: "Element") -> Iterator[_Item]:
    """Return every IndicatorItem in the order of the file."""
    waiting = [(root, True)]
    while waiting:
        element, alone = waiting.pop()
        tag = _tag(element)
        if tag == "indicatoritem":
            yield _Item(element, alone)
            continue
        children = [one for one in element if isinstance(one.tag, str)]
        if tag == "indicator" and element.get("operator", "AND").strip().upper() != "OR":
            joined = sum(_tag(one) in ("indicator", "indicatoritem") for one in children)
            alone = alone and joined < 2
        if tag == "indicator" and _is_negated(element):
            alone = False
        waiting.extend((one, alone) for one in reversed(children))


def _row(number: int, item: _Item, of_file: Claim) -> ListRow:
    context = _child(item.element, "context")
    term = "" if context is None else context.get("search", "").strip()
    value = _text(_child(item.element, "content"))
    condition = item.element.get("condition", "is").strip().lower()
    text = f"{term} {condition} {value}"
    refused = _refused(item, term, condition, value)
    if refused is not None:
        return ListRow(number, text, value, refused=refused)
    comment = _text(_child(item.element, "comment"))[:LONGEST_LABEL]
    claim = structs.replace(of_file, label=comment) if comment else of_file
    if _URL_TERMS.fullmatch(term):
        # Without scheme and path it would read as a name, and be met where no page was asked for.
        whole = value if "/" in value else f"http://{value}"
        return ListRow(number, text, whole, claim=claim)
    rule = None
    if _NAME_TERMS.fullmatch(term) and _kind(value) is IndicatorKind.NAME:
        rule = MatchRule.BELOW if condition == "contains" else MatchRule.EXACT
    return ListRow(number, text, value, rule=rule, claim=claim)


def _refused(item: _Item, term: str, condition: str, value: str) -> RefusalReason | None:
    if _RULE_TERMS.fullmatch(term):
        return RefusalReason.NOT_APPLIED
    kind = next((kind for terms, kind in _TERMS if terms.fullmatch(term[:_LONGEST_TERM])), None)
    if kind is None:
        return RefusalReason.OTHER_KIND
    if not value:
        return RefusalReason.EMPTY
    if not item.alone or _is_negated(item.element):
        return RefusalReason.NOT_APPLIED
    if condition == "is":
        return None
    # A substring never counts; but what contains a whole name is that name or lies below it, and
    # what contains a whole hash is that hash. Part of a web address may stand in any other.
    fits = (
        condition == "contains"
        and kind in (IndicatorKind.NAME, IndicatorKind.HASH)
        and _kind(value) is kind
    )
    return None if fits else RefusalReason.NOT_APPLIED


def _kind(value: str) -> IndicatorKind | None:
    found = parse_value(value, ListOptions()).values
    return found[0].kind if len(found) == 1 else None


def _claim(root: "Element") -> Claim:
    """Return what the file says of all its items: its title, malware, class and TLP."""
    holder = _child(root, "metadata")
    holder = root if holder is None else holder
    links = _child(holder, "links")
    said = [] if links is None else [(one.get("rel", "").lower(), _text(one)) for one in links]
    words = [text for _rel, text in said]
    return Claim(
        of_class=class_of(words),
        family=next((text for rel, text in said if rel in _FAMILY_LINKS), "")[:LONGEST_LABEL],
        label=_text(_child(holder, "short_description"))[:LONGEST_LABEL],
        tlp=tlp_of([*words, *(f"tlp:{text}" for rel, text in said if rel == "tlp")]),
    )


def _is_negated(element: "Element") -> bool:
    return element.get("negate", "").strip().lower() in ("true", "1")


def _child(element: "Element", name: str) -> "Element | None":
    return next((one for one in element if _tag(one) == name), None)


def _tag(element: "Element") -> str:
    # A comment or an instruction has a function for its tag.
    return str(element.tag).rpartition("}")[2].lower()


def _text(element: "Element | None") -> str:
    return "" if element is None else (element.text or "").strip()
