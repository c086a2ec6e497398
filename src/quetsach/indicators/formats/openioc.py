"""OpenIOC 1.0 and 1.1: a tree of items joined by OR and AND, as XML."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
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
"""A tree takes about thirty times its text in memory; real files are a thousandth of this."""

_RULE_TERMS = re.compile(r"(?:Snort|Yara|Network)/(?:Snort|Yara)", re.IGNORECASE)
_FAMILY_LINKS = ("family", "malware", "malwarefamily")


_REMOTE_ADDRESS, _REMOTE_PORT = "portitem/remoteip", "portitem/remoteport"
_WHOLE_URL = re.compile(r"[a-z][a-z0-9+.-]{0,20}://[^/?#\s]{1,260}/", re.IGNORECASE)
"""A URL whose host is written to its end."""


class _Item(NamedTuple):
    """One IndicatorItem, and whether it alone satisfies the whole condition; an address with its
    port is two, joined by AND.
    """

    element: "Element"
    alone: bool
    port: str = ""


class OpenIoc:
    """OpenIOC 1.0 and 1.1."""

    name = "openioc"
    title = "OpenIOC 1.0, 1.1 (XML)"
    reads = (
        "items that are sufficient alone: addresses, hashes and web addresses with `is`, names "
        "also with `contains`, or with `ends-with` beside `is`, web addresses also with "
        "`starts-with`; items joined by AND, but for an address and its port, are listed as not "
        "applied"
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
    claim, items = _claim(root), [*_items(root)]
    named = frozenset(_names(items))
    for number, indicator_item in enumerate(items, start=1):
        yield _row(number, indicator_item, claim, named)


def _names(items: Iterable[_Item]) -> Iterator[str]:
    """Yield the names that are met for sure."""
    for indicator_item in items:
        term, condition, content = _parts(indicator_item.element)
        is_plain = indicator_item.alone and not _is_negated(indicator_item.element)
        if is_plain and condition == "is" and _NAME_TERMS.fullmatch(term):
            yield content.lower()


def _parts(element: "Element") -> tuple[str, str, str]:
    """Return the term, the condition and the content of an IndicatorItem."""
    context = _child(element, "context")
    term = "" if context is None else context.get("search", "").strip()
    return term, element.get("condition", "is").strip().lower(), _text(_child(element, "content"))


def _items(root: "Element") -> Iterator[_Item]:
    """Return every IndicatorItem in the order of the file."""
    waiting = [(root, True)]
    while waiting:
        element, alone = waiting.pop()
        tag = _tag(element)
        if tag == "indicatoritem":
            yield _Item(element, alone)
            continue
        children = [child for child in element if isinstance(child.tag, str)]
        ported = _address_with_port(element, children) if alone else None
        if ported is not None:
            yield ported
            continue
        if tag == "indicator" and element.get("operator", "AND").strip().upper() != "OR":
            joined = sum(_tag(child) in ("indicator", "indicatoritem") for child in children)
            alone = alone and joined < 2
        if tag == "indicator" and _is_negated(element):
            alone = False
        waiting.extend((child, alone) for child in reversed(children))


def _address_with_port(element: "Element", children: Sequence["Element"]) -> _Item | None:
    """Return the item of a group that asks for an address and its port, and for nothing else."""
    if element.get("operator", "AND").strip().upper() == "OR" or len(children) != 2:
        return None
    parts = {
        term.lower(): (condition, content) for term, condition, content in map(_parts, children)
    }
    is_plain = not any(_is_negated(each) for each in (element, *children))
    if set(parts) != {_REMOTE_ADDRESS, _REMOTE_PORT} or not is_plain:
        return None
    (address_is, _address), (port_is, port) = parts[_REMOTE_ADDRESS], parts[_REMOTE_PORT]
    if address_is != "is" or port_is != "is" or not (port.isascii() and port.isdigit()):
        return None
    by_term = {_parts(child)[0].lower(): child for child in children}
    return _Item(by_term[_REMOTE_ADDRESS], alone=True, port=port)


def _row(number: int, indicator_item: _Item, of_file: Claim, named: Collection[str]) -> ListRow:
    term, condition, content = _parts(indicator_item.element)
    text = f"{term} {condition} {content}"
    if indicator_item.port:
        text += f" AND PortItem/remotePort is {indicator_item.port}"
        address = f"[{content}]" if ":" in content else content
        content = f"{address}:{indicator_item.port}"
    refused = _refused(indicator_item, term, condition, content, named)
    if refused is not None:
        return ListRow(number, text, content, refused=refused)
    comment = _text(_child(indicator_item.element, "comment"))[:LONGEST_LABEL]
    claim = structs.replace(of_file, label=comment) if comment else of_file
    if _URL_TERMS.fullmatch(term):
        # Without scheme and path it would be parsed as a name, and match without any page request.
        whole = content if "/" in content else f"http://{content}"
        return ListRow(number, text, whole, claim=claim)
    rule = None
    if condition == "ends-with":
        return ListRow(number, text, content[1:], rule=MatchRule.BELOW, claim=claim)
    if _NAME_TERMS.fullmatch(term) and _kind(content) is IndicatorKind.NAME:
        rule = MatchRule.BELOW if condition == "contains" else MatchRule.EXACT
    return ListRow(number, text, content, rule=rule, claim=claim)


def _refused(
    indicator_item: _Item, term: str, condition: str, content: str, named: Collection[str]
) -> RefusalReason | None:
    if _RULE_TERMS.fullmatch(term):
        return RefusalReason.NOT_APPLIED
    kind = next((kind for terms, kind in _TERMS if terms.fullmatch(term[:_LONGEST_TERM])), None)
    if kind is None:
        return RefusalReason.OTHER_KIND
    if not content:
        return RefusalReason.EMPTY
    if not indicator_item.alone or _is_negated(indicator_item.element):
        return RefusalReason.NOT_APPLIED
    if condition == "is":
        return None
    if condition == "ends-with":
        # By itself it leaves the name out that it ends with.
        is_below = kind is IndicatorKind.NAME and content[:1] == "."
        return None if is_below and content[1:].lower() in named else RefusalReason.NOT_APPLIED
    if condition == "starts-with":
        is_page = kind is IndicatorKind.URL and _WHOLE_URL.match(content) is not None
        return None if is_page and _kind(content) is kind else RefusalReason.NOT_APPLIED
    # A substring never matches; but a text that contains a whole name is that name or one below
    # it, and one that contains a whole hash is that hash. Part of a URL may be in any other.
    fits = (
        condition == "contains"
        and kind in (IndicatorKind.NAME, IndicatorKind.HASH)
        and _kind(content) is kind
    )
    return None if fits else RefusalReason.NOT_APPLIED


def _kind(text: str) -> IndicatorKind | None:
    parsed = parse_value(text, ListOptions()).values
    return parsed[0].kind if len(parsed) == 1 else None


def _claim(root: "Element") -> Claim:
    """Return the claim of the file for all its items: title, malware, class and TLP."""
    holder = _child(root, "metadata")
    holder = root if holder is None else holder
    links = _child(holder, "links")
    linked = [] if links is None else [(link.get("rel", "").lower(), _text(link)) for link in links]
    words = [text for _rel, text in linked]
    return Claim(
        of_class=class_of(words),
        family=next((text for rel, text in linked if rel in _FAMILY_LINKS), "")[:LONGEST_LABEL],
        label=_text(_child(holder, "short_description"))[:LONGEST_LABEL],
        tlp=tlp_of([*words, *(f"tlp:{text}" for rel, text in linked if rel == "tlp")]),
    )


def _is_negated(element: "Element") -> bool:
    return element.get("negate", "").strip().lower() in ("true", "1")


def _child(element: "Element", name: str) -> "Element | None":
    return next((child for child in element if _tag(child) == name), None)


def _tag(element: "Element") -> str:
    # A comment or an instruction has a function for its tag.
    return str(element.tag).rpartition("}")[2].lower()


def _text(element: "Element | None") -> str:
    return "" if element is None else (element.text or "").strip()
