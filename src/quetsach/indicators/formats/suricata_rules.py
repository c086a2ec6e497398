"""Suricata rules: those for a single name, address or port become indicators.

All others are refused as not applied, with their number: reduced to one of its conditions, a rule
would match traffic that the whole rule does not.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from quetsach.addresses import parse_address, parse_network
from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.formats.plain import LONGEST_LABEL
from quetsach.indicators.model import Claim, IndicatorClass, MatchRule
from quetsach.indicators.options import RefusalReason

LONGEST_RULE = 32_768
"""The longest line that is parsed as a rule; in characters."""

_HEADER = re.compile(
    r"(alert|drop|reject|rejectsrc|rejectdst|rejectboth|pass|log)\s+([\w.-]{1,20})\s+"
    r"(!?\[[^\]]*\]|\S+)\s+(!?\[[^\]]*\]|\S+)\s+(->|<>|=>)\s+(!?\[[^\]]*\]|\S+)\s+(!?\[[^\]]*\]|\S+)"
    r"\s*\((.*)\)\s*"
)
_OPTION = re.compile(r"\s*([\w.-]{1,60})\s*(?::((?:\"(?:[^\"\\]|\\.)*\"|\\.|[^;\"\\])*))?;")
_HEX = re.compile(r"\|([0-9a-fA-F\s]*)\|")


class SuricataRule(NamedTuple):
    """A rule: action, protocol, both sides, and its options in their order."""

    action: str
    protocol: str
    source: str
    source_port: str
    target: str
    target_port: str
    options: tuple[tuple[str, str], ...]

    def option(self, name: str) -> str:
        """Return the value of the first option `name`, without its quotes, or ""."""
        for option, content in self.options:
            if option == name:
                return content.strip().strip('"')
        return ""


def parse_rule(text: str) -> SuricataRule | None:
    """Return the rule in `text`, or None.

    Cost: linear in `text`, which is left alone beyond LONGEST_RULE.
    """
    if len(text) > LONGEST_RULE:
        return None
    match = _HEADER.fullmatch(text)
    if match is None:
        return None
    action, protocol, source, source_port, _way, target, target_port, body = match.groups()
    options = _options(body)
    if options is None:
        return None
    return SuricataRule(action, protocol, source, source_port, target, target_port, options)


def content_text(content: str) -> str | None:
    """Return the text of a `content` option, or None for a negated or a binary one."""
    quoted = content.strip()
    if len(quoted) < 3 or quoted[0] != '"' or quoted[-1] != '"':
        return None
    inside = re.sub(r"\\(.)", r"\1", quoted[1:-1])
    try:
        plain = _HEX.sub(lambda hit: bytes.fromhex(hit.group(1)).decode("ascii"), inside)
    except (ValueError, UnicodeDecodeError):
        return None
    return plain if "|" not in plain and plain.isprintable() else None


def _options(body: str) -> tuple[tuple[str, str], ...] | None:
    options: list[tuple[str, str]] = []
    at = 0
    end = len(body.rstrip())
    while at < end:
        option = _OPTION.match(body, at)
        if option is None:
            return None
        options.append((option.group(1), option.group(2) or ""))
        at = option.end()
    return tuple(options)


_START = re.compile(r"(?:alert|drop|reject(?:src|dst|both)?|pass)\s+\S+\s+\S+\s+\S+\s+(?:->|<>|=>)")
# Options that name, rank or rate-limit a rule, without any condition
# (Suricata, doc/userguide/rules/meta.rst, thresholding.rst, flow-keywords.rst).
_SILENT = frozenset(
    (
        *("msg", "sid", "rev", "gid", "classtype", "reference", "metadata", "priority", "target"),
        *("flow", "threshold", "flags", "fast_pattern", "nocase", "requires"),
    )
)
_NAME_BUFFERS = frozenset(
    ("dns.query", "dns_query", "dns.queries.rrname", "tls.sni", "tls_sni", "http.host", "http_host")
)
_PLACES = frozenset(("endswith", "startswith", "dotprefix", "bsize", "depth", "isdataat"))
_CLASSES = (
    (re.compile(r"phish|social-engineering|credential", re.IGNORECASE), IndicatorClass.PHISHING),
    (re.compile(r"sinkhole", re.IGNORECASE), IndicatorClass.SINKHOLE),
    (
        re.compile(r"\bc2\b|\bcnc\b|c&c|command-and-control|\bbotcc\b", re.IGNORECASE),
        IndicatorClass.C2,
    ),
    (re.compile(r"download|dropper|payload", re.IGNORECASE), IndicatorClass.DOWNLOAD),
    (re.compile(r"\bscan|attempted-recon", re.IGNORECASE), IndicatorClass.SCANNER),
)
_FAMILY = re.compile(r"malware_family\s+([^,;]{1,80})")
_MOST_VALUES = 4096


class SuricataRules:
    """A file of rules; those commented out are none."""

    name = "suricata-rules"
    title = "Suricata rules"
    reads = "rules for one name or for listed addresses; all others are listed as not applied"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each value of each rule, or None where few lines are rules."""
        good = sum(_START.match(line) is not None for line in file.sample)
        if not good or good < 0.3 * len(file.sample):
            return None
        return FormReading(rule_rows(file.lines()), "content")


def rule_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    """Return the rows of every rule; a rule may go on over lines that end with a backslash."""
    parts: list[str] = []
    first = size = 0
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not parts and (not text or text.startswith("#")):
            continue
        first = first if parts else number
        size += len(text)
        parts.append(text.removesuffix("\\"))
        if not text.endswith("\\") or size > LONGEST_RULE:
            yield from _rows(first, "".join(parts))
            parts, size = [], 0
    if parts:
        yield from _rows(first, "".join(parts))


def _rows(number: int, text: str) -> Iterator[ListRow]:
    rule = parse_rule(text)
    if rule is None:
        yield ListRow(number, text, text[:LONGEST_RULE], refused=RefusalReason.UNPARSABLE)
        return
    shown = f"sid:{rule.option('sid')}; rev:{rule.option('rev')}; {rule.option('msg')}"
    claim = _claim(rule)
    refused = RefusalReason.EXCEPTION if rule.action == "pass" else None
    values = _values(rule)
    for target, exact, port in values:
        yield ListRow(
            number,
            f"{target}  {shown}",
            target,
            port,
            rule=MatchRule.EXACT if exact else None,
            claim=claim,
            refused=refused,
        )
    if not values:
        reason = RefusalReason.NOT_APPLIED if refused is None else refused
        yield ListRow(number, shown, text, claim=claim, refused=reason)


def _claim(rule: SuricataRule) -> Claim:
    message, metadata = rule.option("msg"), rule.option("metadata")
    words = f"{rule.option('classtype')} {message} {metadata}"
    of_class = next((of_class for pattern, of_class in _CLASSES if pattern.search(words)), None)
    family = _FAMILY.search(metadata)
    label = f"{message} (sid {rule.option('sid')}, rev {rule.option('rev')})"
    return Claim(
        of_class=IndicatorClass.UNKNOWN if of_class is None else of_class,
        family=family.group(1).strip().replace("_", " ") if family else "",
        label=label[:LONGEST_LABEL],
    )


_Value = tuple[str, bool, int | None]


def _values(rule: SuricataRule) -> list[_Value]:
    names = {name for name, _value in rule.options}
    if "content" not in names:
        return _header_values(rule) if names <= _SILENT else []
    if names <= _SILENT | _NAME_BUFFERS | _PLACES | {"content"} and not _has_hosts(rule):
        return _name_value(rule)
    return []


def _name_value(rule: SuricataRule) -> list[_Value]:
    """Return the single name of the rule, if the rule delimits both its ends."""
    buffers = [name for name, _value in rule.options if name in _NAME_BUFFERS]
    contents = [value for name, value in rule.options if name == "content"]
    text = content_text(contents[0]) if len(contents) == len(buffers) == 1 else None
    if text is None:
        return []
    bare = text.removeprefix(".").lower()
    is_whole, is_end = _place_of(rule, len(text))
    if is_whole and not text.startswith("."):
        return [(bare, parse_address(bare) is None, None)]
    # `content:"bad.example"; endswith` also meets "notbad.example": that is not taken over.
    return [(bare, False, None)] if is_end and parse_address(bare) is None else []


def _place_of(rule: SuricataRule, length: int) -> tuple[bool, bool]:
    """Return whether the content is the whole buffer, and whether it is the end of it."""
    options = dict(rule.options)
    at_start = "startswith" in options or options.get("depth", "").strip() == str(length)
    at_end = "endswith" in options or options.get("isdataat", "").replace(" ", "") == "!1,relative"
    whole = options.get("bsize", "").strip() == str(length) or (at_start and at_end)
    odd = ("depth" in options and not at_start) or ("bsize" in options and not whole)
    odd = odd or ("isdataat" in options and not at_end)
    return whole and not odd, at_end and not odd and "startswith" not in options


def _header_values(rule: SuricataRule) -> list[_Value]:
    """Return the addresses of the one side that lists them; the other side is `any`."""
    sides = [
        (hosts, port)
        for hosts, port in ((rule.source, rule.source_port), (rule.target, rule.target_port))
        if hosts != "any" and not hosts.startswith("$")
    ]
    if len(sides) != 1:
        return []
    (hosts, port), other = sides[0], _other_port(rule)
    ports = _ports(port)
    if ports is None or other != "any" or "!" in hosts or "$" in hosts:
        return []
    listed = [host.strip() for host in hosts.strip("[]").split(",")]
    if not all(parse_address(host) or parse_network(host) for host in listed):
        return []
    if ports != [None] and not all(parse_address(host) for host in listed):
        return []  # a network on one port only: there is no such indicator
    values = [(host, False, number) for host in listed for number in ports]
    return values if len(values) <= _MOST_VALUES else []


def _other_port(rule: SuricataRule) -> str:
    is_open = rule.source == "any" or rule.source.startswith("$")
    return rule.source_port if is_open else rule.target_port


def _ports(text: str) -> list[int | None] | None:
    if text == "any":
        return [None]
    listed = [port.strip() for port in text.strip("[]").split(",")]
    if not all(port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536 for port in listed):
        return None
    return [int(port) for port in listed]


def _has_hosts(rule: SuricataRule) -> bool:
    return any(side != "any" and not side.startswith("$") for side in (rule.source, rule.target))
