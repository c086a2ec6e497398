"""OpenIOC 1.1: one indicator of compromise whose items are joined by OR, as XML.

Source: the schema ioc.xsd and the terms current.iocterms of OpenIOC 1.1 (repository
fireeye/OpenIOC_1.1).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from quetsach.blocklists.contract import BlockEntry, Files, Output, ReleaseSummary
from quetsach.blocklists.entries import port_parts, stamp, until
from quetsach.blocklists.stix_objects import stix_time, url_with_scheme
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule
from quetsach.indicators.restriction import stricter
from quetsach.indicators.vocabulary import HASH_TYPES, LABEL_OF

MOST_INDICATORS = 10_000
"""How many stand in one file: a program holds the whole tree of XML in memory."""

_OUR_IDS = uuid5(NAMESPACE_URL, "urn:quetsach:openioc")
_NAME, _ADDRESS, _PORT = "DnsEntryItem/Host", "PortItem/remoteIP", "PortItem/remotePort"
_URL = "UrlHistoryItem/URL"
_CONTENT_TYPES: Mapping[str, str] = {_NAME: "string", _URL: "string", _ADDRESS: "IP", _PORT: "int"}


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    size = MOST_INDICATORS if about.limit is None else about.limit
    pieces = [entries[start : start + size] for start in range(0, len(entries), size)]
    files = {}
    for number, piece in enumerate(pieces, 1):
        behind = f"-{number}" if len(pieces) > 1 else ""
        files[f"{about.name}{behind}.ioc"] = "\n".join(_lines(piece, about, number)) + "\n"
    return files


def _lines(entries: Sequence[BlockEntry], about: ReleaseSummary, number: int) -> Iterator[str]:
    written = stix_time(about.at_us)
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield (
        '<OpenIOC xmlns="http://openioc.org/schemas/OpenIOC_1.1" '
        f'id="{_id(about, "ioc", str(number))}" last-modified="{written}" '
        f'published-date="{written}">'
    )
    yield from _metadata(entries, about, written)
    yield f' <criteria>\n  <Indicator operator="OR" id="{_id(about, "or", str(number))}">'
    # The schema has the items of a group before the groups within it.
    ported = [block for block in entries if block.indicator.rule is MatchRule.IP_PORT]
    for block in entries:
        if block.indicator.rule is not MatchRule.IP_PORT:
            yield from _items(block.indicator, about)
    for block in ported:
        yield from _address_with_port(block, about)
    yield "  </Indicator>\n </criteria>\n <parameters>"
    for block in entries:
        yield from _parameters(block.indicator, about)
    yield " </parameters>\n</OpenIOC>"


def _metadata(entries: Sequence[BlockEntry], about: ReleaseSummary, written: str) -> Iterator[str]:
    description = f"{about.mark}, list {about.list_id}; made {stamp(about)}, expires {until(about)}"
    tlp = reduce(stricter, (block.indicator.claim.tlp for block in entries), None)
    families = {block.indicator.claim.family for block in entries}
    links = [] if tlp is None else [("tlp", tlp.value)]
    if len(families) == 1 and families != {""}:
        links.append(("family", families.pop()))
    yield " <metadata>"
    yield f"  <short_description>{_text(about.title or about.mark)}</short_description>"
    yield f"  <description>{_text(description)}</description>"
    yield f"  <authored_by>{_text(about.mark)}</authored_by>"
    yield f"  <authored_date>{written}</authored_date>"
    yield "  <links>"
    for relation, content in links:
        yield f'   <link rel="{relation}">{_text(content)}</link>'
    yield "  </links>\n </metadata>"


def _items(indicator: Indicator, about: ReleaseSummary) -> Iterator[str]:
    if indicator.kind is IndicatorKind.NAME:
        yield _item(_NAME, "is", indicator.key, _item_id(about, indicator))
        if indicator.rule is MatchRule.BELOW:
            # `contains` would meet a name that only has this one within it.
            yield _item(_NAME, "ends-with", f".{indicator.key}", _item_id(about, indicator, "."))
    elif indicator.kind is IndicatorKind.URL:
        yield _item(_URL, "starts-with", url_with_scheme(indicator), _item_id(about, indicator))
    elif indicator.kind is IndicatorKind.HASH:
        kind = HASH_TYPES[len(indicator.key)]
        term = f"FileItem/{kind.capitalize()}sum"
        yield _item(term, "is", indicator.key, _item_id(about, indicator), kind)
    else:
        yield _item(_ADDRESS, "is", indicator.key, _item_id(about, indicator))


def _address_with_port(block: BlockEntry, about: ReleaseSummary) -> Iterator[str]:
    address, port = port_parts(block)
    group = _item_id(about, block.indicator)
    yield f'   <Indicator operator="AND" id="{group}">'
    yield _item(_ADDRESS, "is", address, _item_id(about, block.indicator, "address"))
    yield _item(_PORT, "is", str(port), _item_id(about, block.indicator, "port"))
    yield "   </Indicator>"


def _item(term: str, condition: str, content: str, item_id: str, content_type: str = "") -> str:
    kind = content_type or _CONTENT_TYPES[term]
    document = term.partition("/")[0]
    return (
        f'   <IndicatorItem id="{item_id}" condition="{condition}" preserve-case="false" '
        f'negate="false"><Context document="{document}" search="{term}" type="mir"/>'
        f'<Content type="{kind}">{_text(content)}</Content></IndicatorItem>'
    )


def _parameters(indicator: Indicator, about: ReleaseSummary) -> Iterator[str]:
    """Yield what is known of an indicator, each with the id of its item or group."""
    reference = _item_id(about, indicator)
    for name, content in _known(indicator):
        number = _item_id(about, indicator, f"param {name}")
        yield (
            f'  <param id="{number}" ref-id="{reference}" name={quoteattr(name)}>'
            f'<value type="string">{_text(content)}</value></param>'
        )


def _known(indicator: Indicator) -> Iterable[tuple[str, str]]:
    claim = indicator.claim
    times = {
        "valid-from": claim.valid_from_us,
        "valid-until": claim.valid_until_us,
        "last-seen": claim.last_seen_us,
    }
    texts = {
        "tlp": "" if claim.tlp is None else claim.tlp.value,
        "class": LABEL_OF[claim.of_class] or "",
        "family": claim.family,
        "comment": claim.label,
        "confidence": "" if claim.confidence is None else str(claim.confidence),
    }
    texts |= {name: stix_time(at_us) for name, at_us in times.items() if at_us is not None}
    return [(name, text) for name, text in texts.items() if text]


def _item_id(about: ReleaseSummary, indicator: Indicator, part: str = "") -> str:
    return _id(about, f"{indicator.kind} {indicator.rule} {indicator.key}", part)


def _id(about: ReleaseSummary, what: str, part: str) -> str:
    return str(uuid5(_OUR_IDS, f"{about.name} {what} {part}"))


def _text(content: str) -> str:
    # XML has no way to write most control characters, escaped or not.
    return escape("".join(sign if sign.isprintable() else " " for sign in content))


OUTPUT = Output(
    name="openioc",
    title=N_("OpenIOC 1.1 (XML)"),
    covers=(IndicatorKind.NAME, IndicatorKind.ADDRESS, IndicatorKind.URL, IndicatorKind.HASH),
    render=_render,
    use=N_("Load it into a program that searches machines by OpenIOC."),
    limits=N_(
        "Has no word for networks. Markings and validity stand in parameters, which few programs "
        "read: delete the file when the release expires. Split at 10,000 indicators a file."
    ),
    ports=True,
    exchange=True,
    comment="",
    most=MOST_INDICATORS,
    splits=True,
)
