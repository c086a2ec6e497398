"""Takes one Suricata rule apart: its header and its options, as they are written."""

import re
from typing import NamedTuple

LONGEST_RULE = 32_768
"""A longer line is no rule that a person wrote; in characters."""

_HEADER = re.compile(
    r"(alert|drop|reject|rejectsrc|rejectdst|rejectboth|pass|log)\s+([\w.-]{1,20})\s+"
    r"(!?\[[^\]]*\]|\S+)\s+(!?\[[^\]]*\]|\S+)\s+(->|<>|=>)\s+(!?\[[^\]]*\]|\S+)\s+(!?\[[^\]]*\]|\S+)"
    r"\s*\((.*)\)\s*"
)
_OPTION = re.compile(r"\s*([\w.-]{1,60})\s*(?::((?:\"(?:[^\"\\]|\\.)*\"|\\.|[^;\"\\])*))?;")
_HEX = re.compile(r"\|([0-9a-fA-F\s]*)\|")


class SuricataRule(NamedTuple):
    """A rule: who acts on what, between whom, and its options in their order."""

    action: str
    protocol: str
    source: str
    source_port: str
    target: str
    target_port: str
    options: tuple[tuple[str, str], ...]

    def said(self, name: str) -> str:
        """Return what the first option called `name` says, without its quotes, or ""."""
        for option, value in self.options:
            if option == name:
                return value.strip().strip('"')
        return ""


def parse_rule(text: str) -> SuricataRule | None:
    """Return the rule that stands in `text`, or None.

    Cost: linear in `text`, which is left alone beyond LONGEST_RULE.
    """
    if len(text) > LONGEST_RULE:
        return None
    found = _HEADER.fullmatch(text)
    if found is None:
        return None
    action, protocol, source, source_port, _way, target, target_port, body = found.groups()
    options = _options(body)
    if options is None:
        return None
    return SuricataRule(action, protocol, source, source_port, target, target_port, options)


def content_text(value: str) -> str | None:
    """Return the text that a `content` looks for, or None for a negated or a binary one."""
    quoted = value.strip()
    if len(quoted) < 3 or quoted[0] != '"' or quoted[-1] != '"':
        return None
    inside = re.sub(r"\\(.)", r"\1", quoted[1:-1])
    try:
        plain = _HEX.sub(lambda hit: bytes.fromhex(hit.group(1)).decode("ascii"), inside)
    except (ValueError, UnicodeDecodeError):
        return None
    return plain if "|" not in plain and plain.isprintable() else None


def _options(body: str) -> tuple[tuple[str, str], ...] | None:
    found: list[tuple[str, str]] = []
    at = 0
    end = len(body.rstrip())
    while at < end:
        option = _OPTION.match(body, at)
        if option is None:
            return None
        found.append((option.group(1), option.group(2) or ""))
        at = option.end()
    return tuple(found)
