"""Patterns of STIX 2: simple ones as values; complex ones are distinguished from broken ones."""

import re
from typing import NamedTuple

from quetsach.indicators.model import MatchRule
from quetsach.indicators.options import RefusalReason

LONGEST_CHECKED = 2_000
"""A longer pattern that is not simple is not checked for its grammar; in characters."""

_DEEPEST_CHECKED = 20

_ADDRESS_PATHS = ("ipv4-addr:value", "ipv6-addr:value")
_NAME_PATH = "domain-name:value"
_HASH_SIZES = {
    "file:hashes.md5": 32,
    "file:hashes.sha1": 40,
    "file:hashes.sha256": 64,
}
_PRINT_SIZES = {"x509-certificate:hashes.sha1": 40, "x509-certificate:hashes.sha256": 64}
_TO_ADDRESS = "network-traffic:dst_ref.value"
_TO_PORT = "network-traffic:dst_port"
_TO_TYPE = "network-traffic:dst_ref.type"
_TO_TYPES = ("ipv4-addr", "ipv6-addr", "domain-name")
_TAKEN = (*_ADDRESS_PATHS, _NAME_PATH, "url:value", _TO_ADDRESS, *_HASH_SIZES, *_PRINT_SIZES)

# Source: OASIS, STIX 2.1, section 9 and its ANTLR grammar. Possessive: no backtracking.
_TEXT = r"'(?:[^'\\]|\\['\\])*+'"
_VALUE = rf"(?:{_TEXT}|[+-]?[0-9]{{1,18}})"
_PATH = r"[A-Za-z0-9_-]{1,250}:[^\s=!<>()\[\],]{1,250}"
_COMPARISON = re.compile(
    rf"\s*(?P<path>{_PATH})\s*"
    rf"(?:(?P<op>==?|ISSUBSET\s|LIKE\s)\s*(?P<value>{_VALUE})"
    rf"|(?P<in>IN)\s*\(\s*(?P<set>{_VALUE}(?:\s*,\s*{_VALUE})*+)\s*\))"
)
_SIGN = re.compile(r"\s*(\[|\]|\(|\)|OR(?=[\s(\[])|AND(?=[\s(\[]))")
_ONE_VALUE = re.compile(_VALUE)
_NO_NAME = re.compile(r"[0-9.\s]*+|[^:/]*+[:/].*+", re.DOTALL)
_FASTEST = re.compile(rf"\[\s*({_PATH})\s*=\s*'([^'\\]*)'\s*\]")


class PatternValue(NamedTuple):
    """One value that a pattern looks for; fields as in ListRow."""

    value: str
    port: int | None = None
    rule: MatchRule | None = None


class PatternReading(NamedTuple):
    """The values any of which meets the pattern, or why it is not applied."""

    values: tuple[PatternValue, ...] = ()
    refused: RefusalReason | None = None


class _Comparison(NamedTuple):
    path: str
    op: str
    values: tuple[str, ...]


def read_pattern(pattern: str, *, check: bool = True) -> PatternReading:
    """Return the values that `pattern` compares with, if meeting any of them meets it as a whole.

    That holds for comparisons with `=`, IN and ISSUBSET joined by OR; for the destination
    address and port of one flow joined by AND; and for hashes of one file joined by AND.
    With `check` any other pattern is checked with the grammar; without, it is just not applied.
    Cost: linear in `pattern`; about 1 ms for each check.
    """
    match = _FASTEST.fullmatch(pattern)
    if match:
        alternatives: list[list[_Comparison]] | None = [
            [_Comparison(_plain_path(match.group(1)), "=", (match.group(2),))]
        ]
    else:
        alternatives = _alternatives(pattern)
    if alternatives is None:
        return PatternReading(refused=_why_not(pattern) if check else RefusalReason.NOT_APPLIED)
    values: list[PatternValue] = []
    for comparisons in alternatives:
        pattern_values = _values(comparisons)
        if pattern_values is None:
            return _with_subdomains(alternatives) or PatternReading(refused=_refused(alternatives))
        values.extend(pattern_values)
    return PatternReading(tuple(dict.fromkeys(values)))


def _alternatives(pattern: str) -> list[list[_Comparison]] | None:
    """Return the comparisons as a list of AND-lists joined by OR, or None where it is not that."""
    groups: list[list[_Comparison]] = []
    opened: list[str] = []
    last = "OR"  # the previous token: an operator, an opening or closing sign, or a comparison
    inside = False  # whether within "[" and "]"
    at = 0
    while at < len(pattern):
        sign = _SIGN.match(pattern, at)
        if sign is not None:
            word = sign.group(1)
            if not _fits(word, last, opened) or (word == "[" and inside):
                return None
            inside = word == "[" or (inside and word != "]")
            last, at = word, sign.end()
            continue
        match = _COMPARISON.match(pattern, at)
        if match is None:
            if pattern[at:].strip():
                return None
            break
        if not inside or last not in ("OR", "AND", "[", "("):
            return None
        if last == "AND":
            groups[-1].append(_comparison(match))
        else:
            groups.append([_comparison(match)])
        last, at = "value", match.end()
    return groups if not opened and last in ("]", ")") else None


def _fits(word: str, last: str, opened: list[str]) -> bool:
    """Return whether the sign `word` may follow `last`, and open or close what it does."""
    if word in ("[", "("):
        # "a AND (b OR c)" is no list of alternatives.
        if last not in ("OR", "[", "("):
            return False
        opened.append(word)
        return True
    if word in ("]", ")"):
        return last in ("value", "]", ")") and bool(opened) and _PAIR[opened.pop()] == word
    if word == "AND":
        return last == "value"
    return last in ("value", "]", ")")


_PAIR = {"[": "]", "(": ")"}


def _comparison(match: re.Match[str]) -> _Comparison:
    path = _plain_path(match["path"])
    if match["in"]:
        return _Comparison(path, "=", tuple(map(_literal, _ONE_VALUE.findall(match["set"]))))
    op = match["op"].strip()
    return _Comparison(path, "=" if op == "==" else op, (_literal(match["value"]),))


def _literal(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith("'") else text


def _plain_path(path: str) -> str:
    """Return the path in one spelling: `file:hashes.'SHA-256'` is also written SHA256."""
    if path.startswith(("file:hashes", "x509-certificate:hashes")):
        kind, _colon, rest = path.lower().partition(":")
        return kind + ":" + re.sub(r"['\"-]", "", rest)
    return path


def _values(comparisons: list[_Comparison]) -> list[PatternValue] | None:
    """Return the values of comparisons joined by AND, or None where no value is equivalent."""
    if len(comparisons) > 1:
        return _of_one_file(comparisons) or _of_one_flow(comparisons)
    path, op, values = comparisons[0]
    if path not in _TAKEN or op not in ("=", "ISSUBSET"):
        return None
    if op == "ISSUBSET" and path not in (*_ADDRESS_PATHS, _TO_ADDRESS):
        return None
    return [_pattern_value(path, literal) for literal in values]


def _pattern_value(path: str, literal: str) -> PatternValue:
    if path in _HASH_SIZES:
        # A digest of the wrong length is none; the path before it keeps it from being a name.
        return PatternValue(literal if len(literal) == _HASH_SIZES[path] else f"{path} {literal}")
    if path in _PRINT_SIZES:
        return PatternValue(f"cert:{literal}")
    if path == "url:value":
        # Without scheme and path it would be parsed as a name, and match without any page request.
        return PatternValue(literal if "/" in literal else f"http://{literal}")
    return PatternValue(literal, rule=MatchRule.EXACT if _is_name_like(literal) else None)


def _is_name_like(text: str) -> bool:
    return not _NO_NAME.fullmatch(text)


def _of_one_file(comparisons: list[_Comparison]) -> list[PatternValue] | None:
    """Return the hashes, one for each way of hashing: they name the same file."""
    paths = {comparison.path for comparison in comparisons}
    if len(paths) < len(comparisons) or not paths <= set(_HASH_SIZES):
        return None
    if any(comparison.op != "=" or len(comparison.values) > 1 for comparison in comparisons):
        return None
    return [_pattern_value(comparison.path, comparison.values[0]) for comparison in comparisons]


def _of_one_flow(comparisons: list[_Comparison]) -> list[PatternValue] | None:
    """Return the one address with its port to which a flow goes."""
    by_path = {
        comparison.path: comparison.values[0] for comparison in comparisons if comparison.op == "="
    }
    if len(by_path) < len(comparisons) or any(
        len(comparison.values) > 1 for comparison in comparisons
    ):
        return None
    if not {_TO_ADDRESS, _TO_PORT} <= set(by_path) <= {_TO_ADDRESS, _TO_PORT, _TO_TYPE}:
        return None
    if by_path.get(_TO_TYPE, _TO_TYPES[0]) not in _TO_TYPES:
        return None
    port = by_path[_TO_PORT]
    if not port.isdigit() or not 0 < int(port) < 65536:
        return None
    address = by_path[_TO_ADDRESS]
    if not _is_name_like(address):
        # A network with a port is not supported, and without the port it would match too much.
        return None if "/" in address else [PatternValue(address, int(port))]
    return [PatternValue(f"{address}:{port}", rule=MatchRule.EXACT)]


def _with_subdomains(alternatives: list[list[_Comparison]]) -> PatternReading | None:
    """Return the name of a pattern for a name and all below it, or None for any other pattern.

    Shapes: `[domain-name:value = 'bad.example' OR domain-name:value LIKE '%.bad.example']`.
    """
    if len(alternatives) != 2 or any(len(group) > 1 for group in alternatives):
        return None
    by_op = {group[0].op: group[0] for group in alternatives}
    if set(by_op) != {"=", "LIKE"} or {comparison.path for comparison in by_op.values()} != {
        _NAME_PATH
    }:
        return None
    name = by_op["="].values[0]
    if by_op["LIKE"].values[0] != f"%.{name}" or re.search("[%_]", name):
        return None
    return PatternReading((PatternValue(name, rule=MatchRule.BELOW),))


def _refused(alternatives: list[list[_Comparison]]) -> RefusalReason:
    paths = {comparison.path for comparisons in alternatives for comparison in comparisons}
    kinds = {path.partition(":")[0] for path in paths - {"file:name"}}
    ours = {
        "x509-certificate",
        "ipv4-addr",
        "ipv6-addr",
        "domain-name",
        "url",
        "file",
        "network-traffic",
    }
    return RefusalReason.NOT_APPLIED if kinds & ours else RefusalReason.OTHER_KIND


def _why_not(pattern: str) -> RefusalReason:
    """Return NOT_APPLIED for a pattern by the grammar, UNPARSABLE for a broken one.

    Cost: what is too long or too deeply nested for the parser, which is slow, is just not applied.
    """
    if len(pattern) > LONGEST_CHECKED or _depth(pattern) > _DEEPEST_CHECKED:
        return RefusalReason.NOT_APPLIED
    # Imported where it is used: half a second, for patterns that few lists hold.
    from stix2patterns.exceptions import ParseException
    from stix2patterns.v20.pattern import Pattern as Pattern20
    from stix2patterns.v21.pattern import Pattern as Pattern21

    for grammar in (Pattern21, Pattern20):
        try:
            grammar(pattern)
        except (ParseException, ValueError, AttributeError, RecursionError):
            continue
        return RefusalReason.NOT_APPLIED
    return RefusalReason.UNPARSABLE


def _depth(pattern: str) -> int:
    deepest = depth = 0
    for sign in pattern:
        if sign in "([":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in ")]":
            depth -= 1
    return deepest
