"""Suricata rules, one or more an indicator, in a configurable range of numbers.

Source: Suricata user guide 6 to 8: rules, dotprefix, http.host (lower case, `nocase` refused).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from quetsach.blocklists.contract import (
    WITHOUT_FINGERPRINTS,
    BlockEntry,
    BlockReason,
    Files,
    Mode,
    Output,
    ProofMethod,
    ReleaseSummary,
)
from quetsach.blocklists.entries import chunks, header, parts_of, port_parts, text_of, words
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule
from quetsach.urls import parse_url

A_RULE = 100
"""Addresses in one rule; the alert names the one that was met."""

# Each protocol in which Suricata sees whole files.
_FILE_PROTOCOLS = ("http", "smtp", "smb", "ftp-data")
_HASH_KEYWORDS = {32: "filemd5", 40: "filesha1", 64: "filesha256"}
_PLAIN_IN_CONTENT = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_-")
LONGEST_CONTENT = 255
"""Older versions take no longer content; a longer path is met by this much of it."""


@dataclass(frozen=True)
class SensorRule:
    """One rule before it has a number: its head, message and options."""

    head: str
    says: str
    options: str


def rules_text(rules: Iterable[SensorRule], about: ReleaseSummary) -> list[str]:
    """Return rules as lines, numbered from the first number of the range."""
    action = "drop" if about.mode is Mode.BLOCK else "alert"
    numbers = count(about.first_sid)
    return [
        f'{action} {rule.head} (msg:"quetsach {rule.says}"; {_spaced(rule.options)}'
        f"classtype:trojan-activity; sid:{next(numbers)}; rev:{about.number};)"
        for rule in rules
    ]


def _spaced(options: str) -> str:
    return f"{options} " if options else ""


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    parts = parts_of(entries)
    rules = [rule for block in parts.names for rule in name_rules(block, about)]
    rules += _address_rules((*parts.addresses, *parts.networks), about)
    rules += [rule for block in parts.ports for rule in _port_rules(block, about)]
    rules += [rule for block in parts.urls for rule in _url_rules(block, about)]
    files, of_hashes = hash_lists(parts.hashes, about)
    text = text_of(header(about, "#"), rules_text([*rules, *of_hashes], about))
    return {f"{about.name}.rules": text, **files}


def name_rules(block: BlockEntry, about: ReleaseSummary) -> Iterator[SensorRule]:
    """Return the rules that match a name in a DNS query, a TLS SNI and an HTTP request."""
    says = words(block, about)
    name = block.indicator.key
    if block.indicator.rule is MatchRule.BELOW:
        test = f'dotprefix; content:".{name}"; endswith;'
    else:
        test = f'content:"{name}"; startswith; endswith;'
    buffers = (
        ("dns", f"dns.query; {test} nocase;"),
        ("tls", f"flow:established,to_server; tls.sni; {test} nocase;"),
        ("http", f"flow:established,to_server; http.host; {test}"),
    )
    for protocol, options in buffers:
        # An alert that comes without the protocol's section still tells the name.
        told = f" metadata:quetsach_{protocol} {name};"
        head = f"{protocol} $HOME_NET any -> any any"
        yield SensorRule(head, f"{says} {protocol}", options + told)


def _address_rules(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Iterator[SensorRule]:
    for piece in chunks([block.indicator.key for block in entries], A_RULE):
        if piece:
            yield SensorRule(
                f"ip $HOME_NET any -> [{','.join(piece)}] any",
                f"{about.list_id} address of the list",
                "threshold:type limit, track by_both, seconds 300, count 1;"
                if about.mode is Mode.WATCH
                else "",
            )


def _port_rules(block: BlockEntry, about: ReleaseSummary) -> Iterator[SensorRule]:
    address, port = port_parts(block)
    for protocol in ("tcp", "udp"):
        yield SensorRule(
            f"{protocol} $HOME_NET any -> [{address}] {port}",
            f"{words(block, about)} {protocol} port {port}",
            "",
        )


def _url_rules(block: BlockEntry, about: ReleaseSummary) -> Iterator[SensorRule]:
    url = parse_url(block.indicator.key)
    assert url is not None
    path = url.rest.encode()
    head = f"http $HOME_NET any -> any {'any' if url.port is None else url.port}"
    host = f'flow:established,to_server; http.host; content:"{url.host}"; startswith; endswith;'
    page = ""
    if path != b"/":
        page = f' http.uri.raw; content:"{content(path[:LONGEST_CONTENT])}"; startswith;'
        # The path of the list ends at a border; without this /a would meet /abc.
        if not path.endswith(b"/") and len(path) <= LONGEST_CONTENT:
            page += f' pcre:"/^.{{{len(path)}}}(?:[\\x2f?&#]|$)/s";'
    yield SensorRule(head, f"{words(block, about)} url", host + page)


def hash_lists(
    hashes: Sequence[BlockEntry], about: ReleaseSummary
) -> tuple[Files, list[SensorRule]]:
    """Return lists of hashes, by length, and the rules that look files up in them."""
    files = {}
    rules = []
    for length, keyword in _HASH_KEYWORDS.items():
        listed = [block.indicator.key for block in hashes if len(block.indicator.key) == length]
        if listed:
            file = f"{about.name}-{keyword[4:]}.list"
            files[file] = text_of(listed)
            rules += [
                SensorRule(
                    f"{protocol} any any -> any any", f"{about.list_id} file", f"{keyword}:{file};"
                )
                for protocol in _FILE_PROTOCOLS
            ]
    return files, rules


def content(raw: bytes) -> str:
    """Return bytes for a quoted content: all but letters, digits and `./_-` in hex."""
    written = [chr(byte) if byte in _PLAIN_IN_CONTENT else f"|{byte:02x}|" for byte in raw]
    return "".join(written).replace("||", " ")


def _refuses(indicator: Indicator) -> BlockReason | None:
    if indicator.kind is not IndicatorKind.URL:
        return None
    url = parse_url(indicator.key)
    if url is None:
        return BlockReason.MALFORMED
    # How Suricata normalises [v6]:port in Host differs between versions.
    return BlockReason.IPV6 if ":" in url.host else None


def _undo(_entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    return {f"{about.name}.rules": f"# {about.mark}: emptied to undo {about.list_id}\n"}


OUTPUT = Output(
    name="suricata-rules",
    title=N_("Suricata rules (names, addresses, pages, file hashes)"),
    covers=WITHOUT_FINGERPRINTS,
    render=_render,
    undo=_undo,
    use=N_(
        "Put it and the hash lists beside your rules, enter it under rule-files, check with "
        "suricata -T, then suricatasc -c reload-rules."
    ),
    undo_by=N_("Replace the file with the empty one and reload the rules."),
    limits=N_(
        "Three rules a name: with more than about 10,000 names use suricata-dataset. Numbers "
        "(sid) begin at --sid and may change between releases. Encrypted traffic is matched by "
        "its name only."
    ),
    proof=ProofMethod.SENSOR,
    ports=True,
    refuses=_refuses,
)
