"""What stands in a message: order, quotes and number of its pairs, the form of its JSON, its days.

Everything is cut here by small rules of its own, not by those that are judged.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from ipaddress import ip_address
from typing import Any, TypeAlias

from tools.scoreboard.mutations.around import MONTHS
from tools.scoreboard.mutations.case import Case, Mutation
from tools.scoreboard.pairs import Fields, Value

_PAIR = re.compile(r'(?<=[\s,;|])([A-Za-z_][\w.\-]*)=("(?:[^"\\]|\\.)*"|[^\s",;|=]*)(?=[\s,;|]|\Z)')
_COLONED = re.compile(r'(?<![\w"])([A-Za-z_][\w.\-]*):("[^"]*")(?=[;\s\]]|\Z)')
_CEF = re.compile(r"(?:CEF:)?[01]\|(?:[^|\\]|\\.)*(?:\|(?:[^|\\]|\\.)*){5}\|")
_CEF_KEY = re.compile(r"(?:(?<=\s)|\A)([A-Za-z_][\w.\-\[\]]*)(?<!\\)=")
_LEEF = re.compile(r"(?:LEEF:)?[12]\.0\|[^|]*\|[^|]*\|[^|]*\|[^|\t=]*\|")
Parts: TypeAlias = tuple[str, list[str], str, str]
"""What stands before, the pairs as they are written, what parts them, and what stands behind."""

# Heads of a message that are no pairs of their own, and times that stand in several.
_STAYS = re.compile(r"(?:date|time|id|timestamp|device_name|devname)\b", re.IGNORECASE)


def pairs_of(text: str) -> Parts | None:
    """Return the pairs of a text and what is around them; None where there are too few."""
    head = _CEF.search(text)
    if head is not None:
        return _of_cef(text, head.end())
    head = _LEEF.search(text)
    if head is not None:
        rest = text[head.end() :]
        delimiter = "\t" if "\t" in rest else ""
        if not delimiter:
            return None
        return text[: head.end()], rest.split(delimiter), delimiter, ""
    return _plain_pairs(text, _PAIR) or _plain_pairs(text, _COLONED)


def _of_cef(text: str, start: int) -> Parts | None:
    keys = list(_CEF_KEY.finditer(text, start))
    if len(keys) < 4 or keys[0].start() - start > 1:
        return None
    ends = [*(key.start() for key in keys[1:]), len(text)]
    written = [text[key.start() : end].strip() for key, end in zip(keys, ends, strict=True)]
    return text[: keys[0].start()], written, " ", ""


def _plain_pairs(text: str, pattern: re.Pattern[str]) -> Parts | None:
    """Return the longest run of pairs that one separator parts."""
    found = list(pattern.finditer(text))
    best: list[re.Match[str]] = []
    separator = " "
    for sign in (" ", ",", "; ", ";", ", "):
        run: list[re.Match[str]] = []
        for match in found:
            if run and text[run[-1].end() : match.start()] != sign:
                run = []
            run.append(match)
            if len(run) > len(best):
                best, separator = list(run), sign
    if len(best) < 5 or " PROTO=" in text:
        # Linux's kernel writes its own order, always.
        return None
    start, end = best[0].start(), best[-1].end()
    return text[:start], [match[0] for match in best], separator, text[end:]


def _joined(parts: Parts) -> str:
    before, several, separator, behind = parts
    return before + separator.join(several) + behind


def _key(written: str) -> str:
    return re.split(r"[=:]", written, maxsplit=1)[0]


def shuffled_pairs(case: Case) -> str | None:
    """Another order; of a key that comes twice the first stays first."""
    parts = pairs_of(case.text)
    if parts is None:
        return None
    before, several, separator, behind = parts
    fixed = [one for one in several if _STAYS.match(one)]
    moved = [one for one in several if not _STAYS.match(one)]
    order: dict[str, list[str]] = {}
    for one in moved:
        order.setdefault(_key(one), []).append(one)
    keys = list(order)
    case.chance.shuffle(keys)
    return _joined((before, fixed + [one for key in keys for one in order[key]], separator, behind))


def _is_told(case: Case, written: str) -> bool:
    """Return whether a pair holds something that is expected, or may tell how to read the rest."""
    low = written.lower()
    if any(len(one) > 3 and one in low for one in case.kept):
        return True
    value = re.split(r"[=:]", low, maxsplit=1)[-1].strip('"')
    return value in case.kept or any(char.isdigit() for char in value) or len(value) < 24


def dropped_pairs(case: Case) -> str | None:
    """One pair less, of those whose value is a long text that nobody expects."""
    parts = pairs_of(case.text)
    if parts is None:
        return None
    before, several, separator, behind = parts
    free = [one for one in several if not _is_told(case, one)]
    if not free:
        return None
    gone = case.chance.choice(free)
    return _joined((before, [one for one in several if one is not gone], separator, behind))


def further_pairs(case: Case) -> str | None:
    """Keys that a later version adds."""
    parts = pairs_of(case.text)
    if parts is None:
        return None
    before, several, separator, behind = parts
    if behind.strip():
        return None
    quoted = any('"' in one for one in several)
    sign = ":" if _COLONED.fullmatch(several[0]) else "="
    value = '"none yet"' if quoted else "7"
    more = [f"newinfo{sign}{value}", f"xaudit{sign}" + ('"0"' if quoted else "0")]
    return _joined((before, several + more, separator, behind))


def quoted_pairs(case: Case) -> str | None:
    """Every value in quotes."""
    if _CEF.search(case.text) or _LEEF.search(case.text):
        return None
    parts = pairs_of(case.text)
    if parts is None or _COLONED.fullmatch(parts[1][0]):
        return None
    before, several, separator, behind = parts
    written = [one if '"' in one else '{}="{}"'.format(*one.split("=", 1)) for one in several]
    return _joined((before, written, separator, behind))


def unquoted_pairs(case: Case) -> str | None:
    """No value in quotes that needs none."""
    parts = pairs_of(case.text)
    if parts is None or _COLONED.fullmatch(parts[1][0]) or _CEF.search(case.text):
        return None
    before, several, separator, behind = parts
    bare = [re.sub(r'="([^"\s,;=\\]+)"\Z', r"=\1", one) for one in several]
    return _joined((before, bare, separator, behind)) if bare != several else None


def other_case_of_verdict(case: Case) -> str | None:
    """`action=Deny`, `ACTION=DENY`, `action=deny`."""
    pattern = re.compile(
        r"(?i)(?<=[\s,;|\"])((?:act|action|disp|fw_action|log_subtype|status|utmaction)[=:]\"?)"
        r"(accept|allow(?:ed)?|pass|permit|den(?:y|ied)|block(?:ed)?|drop(?:ped)?|reject)\b"
    )
    found = pattern.search(case.text)
    if found is None:
        return None
    word = found[2]
    change: Callable[[str], str] = case.chance.choice([str.lower, str.upper, str.capitalize])
    return case.text[: found.start(2)] + change(word) + case.text[found.end(2) :]


def _shuffled(value: Any, case: Case) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        case.chance.shuffle(keys)
        return {key: _shuffled(value[key], case) for key in keys}
    return [_shuffled(one, case) for one in value] if isinstance(value, list) else value


def shuffled_keys(case: Case) -> str | None:
    """JSON in another order, with blanks."""
    if case.document is None:
        return None
    return json.dumps(_shuffled(case.document, case), ensure_ascii=False, separators=(" , ", " : "))


def compact_json(case: Case) -> str | None:
    """JSON without a blank, in ASCII."""
    if case.document is None:
        return None
    return json.dumps(case.document, separators=(",", ":"))


def indented_json(case: Case) -> str | None:
    """JSON over many lines."""
    return None if case.document is None else json.dumps(case.document, indent=2)


def array_of_json(case: Case) -> str | None:
    """JSON in an array."""
    return None if case.document is None else f"[{json.dumps(case.document)}]\n"


def further_json_keys(case: Case) -> str | None:
    """Keys that a later version adds."""
    if case.document is None:
        return None
    return json.dumps({**case.document, "newInfo": {"level": 7, "tags": ["a"]}, "xaudit": None})


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHORT = "|".join(MONTHS)


def single_digit_day(case: Case) -> tuple[str, dict[str, Value]] | None:
    """All dates moved to the fifth of their month, where they all name one and the same day."""
    when = case.pair.expected[0].fields.get("@timestamp")
    if when is None or not 8 < case.when.day < 27 or "\n" in case.text:
        return None
    moved = 5 - case.when.day
    text, changed = _moved_days(case, moved)
    return (text, {"@timestamp": case.when + timedelta(days=moved)}) if changed else None


def _moved_days(case: Case, moved: int) -> tuple[str, int]:
    when = case.when
    there = when + timedelta(days=moved)
    year, month, day, name = f"{when.year}", f"{when.month:02}", f"{when.day:02}", ""
    name = MONTHS[when.month - 1]
    new = f"{there.day:02}"
    forms: list[tuple[str, str]] = [
        (rf"({year}[-/.]{month}[-/.]){day}(?!\d)", rf"\g<1>{new}"),
        (rf"(?<!\d){day}([-/ ]?{name}[-/ ]?{year})", rf"{new}\1"),
        (rf"({name} ){day}( {year}| \d\d:\d\d)", rf"\g<1> {there.day}\2"),
        (rf"(?<!\d){day}(/{month}/{year})", rf"{new}\1"),
        (rf"(?<!\d)({month}/){day}(/(?:{year}|{year[2:]}))(?!\d)", rf"\g<1>{new}\2"),
    ]
    text, changed = case.text, 0
    for pattern, written in forms:
        text, times = re.subn(pattern, written, text)
        changed += times
    seconds = moved * 86_400

    def earlier(match: re.Match[str]) -> str:
        whole = match[0]
        at = int(whole[:10])
        if abs(at - when.timestamp()) > 86_400:
            return whole
        return f"{at + seconds}{whole[10:]}"

    text, times = re.subn(r"(?<!\d)1[4-7]\d{8}(?:\d{3}|\d{6}|\d{9})?(?!\d)", earlier, text)
    changed += times if text != case.text else 0
    weekday = _DAYS[when.weekday()]
    text = re.sub(rf"\b{weekday}(?=,? (?:{_SHORT}|\d))", _DAYS[there.weekday()], text)
    left = re.search(
        rf"{year}[-/.]?{month}[-/.]?(?!{new})\d\d(?!\d)|(?<!\d){when.month}/{day}/", text
    )
    return text, 0 if left is not None else changed


_OF_V6 = re.compile(r'(?<=[="\s,])\d{1,3}(?:\.\d{1,3}){3}(?=["\s,;|]|\Z)')
_ADDRESS_FIELDS = ("source.ip", "destination.ip", "source.nat.ip", "destination.nat.ip")


def sixth_version(case: Case) -> tuple[str, dict[str, Value]] | None:
    """The addresses of both ends as IPv6, where they stand as whole values and nowhere else."""
    fields = case.pair.expected[0].fields
    old = {str(fields[one]) for one in _ADDRESS_FIELDS if one in fields}
    old = {one for one in old if "." in one}
    if not old or (pairs_of(case.text) is None and case.document is None):
        return None
    if _stands_elsewhere(fields, old, _ADDRESS_FIELDS):
        return None
    new = {one: _as_v6(one) for one in old}
    text = _OF_V6.sub(lambda match: new.get(match[0], match[0]), case.text)
    if any(re.search(rf"(?<![\d.]){re.escape(one)}(?![\d.])", text) for one in old):
        return None
    return text, {
        one: new.get(str(fields[one]), fields[one]) for one in _ADDRESS_FIELDS if one in fields
    }


def _stands_elsewhere(fields: Fields, old: Iterable[str], but: Sequence[str]) -> bool:
    """Return whether another field that is expected holds one of the values, too."""
    others = [str(value) for key, value in fields.items() if key not in but]
    return any(one in other for one in old for other in others)


def _as_v6(address: str) -> str:
    first, second, third, fourth = map(int, address.split("."))
    return str(ip_address(f"2001:db8:{first:x}:{second:x}::{third:x}:{fourth + 1:x}"))


def other_addresses(case: Case) -> tuple[str, dict[str, Value]] | None:
    """Other addresses of both ends, of the Internet: who asks is not told by where one lives."""
    fields = case.pair.expected[0].fields
    told = {str(fields[one]) for one in _ADDRESS_FIELDS if one in fields}
    old = sorted(one for one in told if "." in one)
    if not old or _stands_elsewhere(fields, old, _ADDRESS_FIELDS):
        return None
    places = ("203.0.113.", "198.51.100.", "192.0.2.", "100.127.9.")
    new = {one: f"{places[n % 4]}{17 + n}" for n, one in enumerate(old)}
    pattern = "|".join(sorted((re.escape(one) for one in old), key=len, reverse=True))
    text, times = re.subn(
        rf"(?<![\d.]){'(' + pattern + ')'}(?![\d]|\.\d+\.)", lambda match: new[match[1]], case.text
    )
    if not times:
        return None
    return text, {
        one: new.get(str(fields[one]), fields[one]) for one in _ADDRESS_FIELDS if one in fields
    }


_NAME_FIELDS = ("dns.question.name", "url.domain", "destination.domain", "tls.client.server_name")


def other_name(case: Case) -> tuple[str, dict[str, Value]] | None:
    """Another name, with a digit, a dash and an underscore in it."""
    fields = case.pair.expected[0].fields
    names: Sequence[str] = sorted(
        {str(fields[one]) for one in _NAME_FIELDS if one in fields and "." in str(fields[one])},
        key=len,
        reverse=True,
    )
    if not names or re.fullmatch(r"[\d.:a-f]+", names[0]):
        return None
    if _stands_elsewhere(fields, names, _NAME_FIELDS) or case.pair.product == "nginx":
        return None
    name = "_cdn-7x.sub-1.xn--ph-fka.example"
    pattern = re.compile("|".join(map(re.escape, names)), re.IGNORECASE)
    text, times = pattern.subn(name, case.text)
    changed: dict[str, Value] = {
        one: name
        for one in fields
        if str(fields[one]) in names and one.endswith(("name", "domain"))
    }
    return (text, changed) if times and changed else None


WITHIN: dict[str, Mutation] = {
    one.__name__: one
    for one in (
        shuffled_pairs, dropped_pairs, further_pairs, quoted_pairs, unquoted_pairs,
        other_case_of_verdict, shuffled_keys, compact_json, indented_json, array_of_json,
        further_json_keys, single_digit_day, sixth_version, other_addresses, other_name,
    )
}  # fmt: skip
