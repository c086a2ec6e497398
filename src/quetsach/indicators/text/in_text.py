"""Finds indicators in running text: a paragraph, the cell of a table, a line of a note.

A value is matched as a whole or not at all: never as part of a longer word.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from quetsach.addresses import parse_address
from quetsach.indicators.model import IndicatorKind
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.text.address_spans import address_spans
from quetsach.indicators.text.defang import LONGEST_VALUE, RefangedText, refang_text
from quetsach.indicators.text.name_likeness import (
    is_ending,
    is_written_as_names_are,
    may_be_no_name,
)
from quetsach.indicators.text.spaced import (
    LABEL,
    SpacedValue,
    is_torn_v6,
    is_torn_word,
    spaced_values,
    torn_tail,
)
from quetsach.indicators.values import ParsedIndicators, is_file_ending, parse_value

KEPT_WRITTEN = 300
"""How much of an overlong candidate is kept as its text, in characters."""

_N = LABEL
_REST = '[^\\s<>"`|\\[\\]{}\u2018-\u201f\u2026\u00ab\u00bb]'
_FOUR = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
# Runs are taken whole and never given back (`++`), and begin only where no run is behind them:
# so the search is linear, and nothing begins in the middle of a word.
_CANDIDATE = re.compile(
    r"(?<![A-Za-z0-9])(?P<url>[A-Za-z][A-Za-z0-9+-]{1,19}:/{2,3}"
    rf"(?:\[[0-9A-Fa-f:.%]{{2,60}}\]|\[(?=\w))?{_REST}*+)"
    rf"|(?<!{_N})(?<!\.)(?:"
    rf"(?P<range>{_FOUR} ?[-\u2013\u2014] ?{_FOUR}(?!\.?{_N}))"
    r"|(?P<v6>(?<!:)\[?(?:[23][0-9A-Fa-f]{3}|[fF][c-fC-F][0-9A-Fa-f]{2}|::[fF]{4})"
    r"(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.[0-9]{1,3}){0,3}(?:%\w{1,16})?\]?(?::[0-9]{1,5})?"
    rf"(?![:\w])(?:/{_REST}*+)?)"
    rf"|(?P<host>(?:\*\.|\.++)?+{_N}++(?:\.++{_N}++)++"
    rf"(?::[0-9]{{1,5}}(?![0-9:]))?(?:/{_REST}*+)?)"
    rf"|(?P<hash>[0-9a-fA-F]{{32,128}}+(?!\.?{_N})))"
)
# Nothing is looked for where a sentence has but full stops and colons with a blank behind them.
_HINT = re.compile(
    r"\.[^\s.]|\s\.|\.\s[a-z0-9]|:[0-9A-Fa-f/:\[\\]|@|[0-9a-fA-F]{32}|[\[({<] {0,2}[.:]|: ?/"
    "|[\u3002\uff0e\uff61\u2024\ufe52\uff1a]"
    r"|(?<=[ \[({<])(?:d[o0]t|chấm)(?=[ \])}>])",
    re.IGNORECASE,
)
_NEXT = re.compile(r"[,;]['\"]?(?=[A-Za-z]{3,8}://|www\.)")
_NET_SCHEMES = frozenset(
    """
    http https ftp ftps sftp tcp udp tls ssl ws wss ssh telnet rtmp rtsp smb ldap ldaps irc ircs
    tftp rdp vnc socks socks4 socks5 stratum stratum+tcp stratum+ssl meow dns quic grpc
    """.split()  # noqa: SIM905 - so many quoted words are not read better
)
_VERSION = re.compile(
    r"(?:version|phiên bản|ver\.?|build|firmware|release|bản vá|bản cập nhật|\bv)"
    r"(?:\W{1,3}\w{1,20})?[\s:=]{0,3}$",
    re.IGNORECASE,
)
_LOCAL_PART = re.compile(r"[\w.+%&'-]{1,64}@$")
_FOOTNOTE = re.compile(r"\[\d{1,3}\]$|(?:^|\s)\[[xX ]\]$")
_LIBRARY = re.compile(r"lib[\w+-]{1,60}\.so")
# In `\\\\evil.com@80\\share` the sign parts host and port of a WebDAV share.
_WEBDAV = re.compile(r"@(?:\d{1,5}|SSL)\b", re.IGNORECASE)
_CALL = re.compile(r"\(\)|\{|\(['\"]")


@dataclass(frozen=True)
class TextIndicator:
    """One candidate.

    Shapes: `start`, `end` point into the NFC form of the text, of which `written` is that part;
    `value` is the same without defanging. `defanged` marks a deliberate indicator;
    `doubtful` that it may be the name of a file or a program. `parsed` holds the indicators, or
    the reason why it is none.
    """

    start: int
    end: int
    written: str
    value: str
    defanged: bool
    doubtful: bool
    parsed: ParsedIndicators

    @property
    def kind(self) -> IndicatorKind | None:
        """What it is, None where it is no indicator."""
        return self.parsed.values[0].kind if self.parsed.values else None


def find_indicators(text: str, options: ListOptions) -> list[TextIndicator]:
    """Return the candidates in `text`, in order. Cost: linear."""
    if not _HINT.search(text):
        return []
    plain = refang_text(text)
    spaced = [
        _with_tail(plain, _of_spaced(plain, torn, options), (torn.start, torn.end), options)
        for torn in (*address_spans(plain.text), *spaced_values(plain.text, is_ending))
    ]
    indicators, done = [indicator for indicator, _ in spaced], 0
    for kind, start, end in _candidates(plain.text):
        inside = any(start < last and first < end for _, (first, last) in spaced)
        if start < done or inside:
            continue
        indicator = _candidate(plain, kind, start, end, options)
        if indicator is not None:
            indicator, (_, done) = _with_tail(plain, indicator, (start, end), options)
            indicators.append(indicator)
    return sorted(indicators, key=lambda indicator: indicator.start) if spaced else indicators


def _of_spaced(plain: RefangedText, spaced: SpacedValue, options: ListOptions) -> TextIndicator:
    text = spaced.value
    parsed = ParsedIndicators(reason=RefusalReason.UNCLEAR)
    if not spaced.asked:
        parsed = _url(text, options) if "://" in text else _clear(parse_value(text, options))
    whole = _text_indicator(plain, spaced.start, spaced.end, parsed, defanged=True)
    return replace(whole, value=text)


def _with_tail(
    plain: RefangedText, indicator: TextIndicator, span: tuple[int, int], options: ListOptions
) -> tuple[TextIndicator, tuple[int, int]]:
    """Return the indicator with what blanks have cut off behind it, and its span."""
    start, end = span
    if not indicator.parsed.values or indicator.kind is IndicatorKind.HASH:
        return indicator, span
    text = plain.text
    unclear = ParsedIndicators(reason=RefusalReason.UNCLEAR)
    is_torn = indicator.kind is IndicatorKind.NAME and is_torn_word(text, start)
    if is_torn or is_torn_v6(text, start, end):
        return replace(indicator, parsed=unclear), span
    tail = torn_tail(
        text,
        end,
        is_address=indicator.kind is IndicatorKind.ADDRESS
        and indicator.parsed.values[0].port is None,
        is_url=indicator.kind is IndicatorKind.URL,
    )
    if tail is None or (tail.word >= 0 and _begins_url(text, tail.word)):
        return indicator, span
    value = indicator.value + tail.add
    parsed = _clear(parse_value(value, options)) if tail.add else unclear
    longer = _text_indicator(plain, start, tail.end, parsed, defanged=indicator.defanged)
    return replace(longer, value=value), (start, tail.end)


def _begins_url(text: str, start: int) -> bool:
    """Return whether a web address of its own begins at `start`: `http://a / http://b`."""
    run = _CANDIDATE.match(text, start)
    return run is not None and run.lastgroup == "url"


def _candidates(text: str) -> Iterator[tuple[str, int, int]]:
    """Return (kind, start, end) of each run that may be a value, without trailing signs."""
    position = 0
    while (run := _CANDIDATE.search(text, position)) is not None:
        kind = run.lastgroup or ""
        start, end = run.span()
        position = end
        if kind == "url" and (cut := _NEXT.search(text, start, end)):
            end, position = cut.start(), cut.end()
        if end - start > LONGEST_VALUE:
            yield "long", start, end
            continue
        last = _without_tail(text, start, end)
        # The colons of "2001:db8:7::" belong to the address.
        yield kind, start, last + 2 if kind == "v6" and text[last:end] == "::" else last


_PAIRS = {")": "(", "]": "[", ">": "<"}


def _without_tail(text: str, start: int, end: int) -> int:
    """Return where the value ends that `text[start:end]` begins with."""
    while end > start:
        last = text[end - 1]
        before = text[start - 1] if start else ""
        opening = _PAIRS.get(last)
        unmatched = opening is not None and (
            text.count(opening, start, end) < text.count(last, start, end)
        )
        if (
            (last in ".,;:!?'*_" and (last not in "*_" or before == last))
            or unmatched
            or (last == "+" and before == "+")
        ):
            end -= 1
        else:
            return end
    return end


def _candidate(
    plain: RefangedText, kind: str, start: int, end: int, options: ListOptions
) -> TextIndicator | None:
    if kind == "long":
        return _text_indicator(plain, start, end, ParsedIndicators(reason=RefusalReason.UNCLEAR))
    # A dash right before a value is a bullet, for no host begins with one.
    start += len(plain.text[start:end]) - len(plain.text[start:end].lstrip(".-"))
    if plain.text.startswith("_", start) and plain.text.endswith("_", start, end):
        start, end = start + 1, end - 1  # Markdown's _emphasis_
    word = plain.text[start:end]
    hard, soft = _meant(plain.hard, start, end), _meant(plain.soft, start, end)
    is_local = plain.text.startswith("@", end) and not _WEBDAV.match(plain.text, end)
    if kind == "host" and (is_local or plain.text.startswith("@", start - 1)):
        return _mail(plain, start, end)
    if kind == "hash":
        return _text_indicator(plain, start, end, _hash(word, options))
    if _is_piece(plain.text, start, end):
        hinted = hard or soft or kind == "url" or is_ending(word.rpartition(".")[2])
        unclear = _text_indicator(
            plain, start, end, ParsedIndicators(reason=RefusalReason.UNCLEAR), defanged=hard
        )
        return unclear if hinted else None
    if kind == "url":
        return _text_indicator(plain, start, end, _url(word, options), defanged=hard or soft)
    if kind in ("v6", "range"):
        parsed = parse_value(word, options)
        if parsed.reason is RefusalReason.UNPARSABLE and not hard and kind == "v6":
            return None
        return _text_indicator(plain, start, end, _clear(parsed), defanged=hard or soft)
    return _host(plain, start, end, options)


def _is_piece(text: str, start: int, end: int) -> bool:
    """Return whether the value continues beyond the matched part.

    `[redacted]evil.com`, `server-{1,30}.evil.com`, `ev*l.evil.com`, `...evil.com`,
    `evil.com/bot<token>/x`.
    """
    lead = text[max(0, start - 8) : start]
    lead = lead[len(lead.rstrip(".-")) :]
    before = text[max(0, start - len(lead) - 12) : start - len(lead)]
    # "...evil.com" and "x[y]-evil.com" leave something out; "- evil.com" and ".evil.com" do not.
    hangs = "-" in lead and before[-1:].strip() not in ("", "(", '"', "'", "`", "|")
    if lead.count(".") > 1 or before.endswith("\u2026") or hangs:
        return True
    if before[-1:] in ("\xb7", "\u2022", "\u2027", "\u2219"):
        return before[-2:-1].isalnum()
    if before[-1:] in ("]", "}"):
        return _FOOTNOTE.search(before) is None
    if before[-1:] in tuple("*+%&!?#~^"):
        sooner = before.rstrip("*+%&!?#~^")[-1:]
        return bool(sooner) and not sooner.isspace() and sooner not in "([{<>\"'`:=,;|"
    is_path = "/" in text[start:end].partition("://")[2] or "/" in text[start:end]
    return is_path and text[end : end + 1] in ("<", "{") and text[end - 1] not in "/=?&"


def _meant(places: tuple[int, ...], start: int, end: int) -> bool:
    return bisect_left(places, start) < bisect_left(places, end)


def _text_indicator(
    plain: RefangedText,
    start: int,
    end: int,
    parsed: ParsedIndicators,
    *,
    defanged: bool = False,
    doubtful: bool = False,
) -> TextIndicator:
    first, last = plain.place(start), plain.place(end, end=True)
    written = plain.source[first:last]
    return TextIndicator(
        first,
        last,
        written[:KEPT_WRITTEN] if len(written) > LONGEST_VALUE else written,
        plain.text[start:end][:LONGEST_VALUE],
        defanged,
        doubtful,
        parsed,
    )


def _mail(plain: RefangedText, start: int, end: int) -> TextIndicator | None:
    """Return the address whose domain begins at `start`, behind its sign."""
    local = _LOCAL_PART.search(plain.text, max(0, start - 66), start)
    ending = plain.text[start:end].rpartition(".")[2]
    if local is None or not (is_ending(ending) or ending.isdigit()):
        return None
    return _text_indicator(
        plain, local.start(), end, ParsedIndicators(reason=RefusalReason.MAIL_ADDRESS)
    )


def _hash(text: str, options: ListOptions) -> ParsedIndicators:
    parsed = parse_value(text, options)
    # A digest of another length (SHA-384, SHA-512, one cut off) is for a person to look at.
    return (
        ParsedIndicators(reason=RefusalReason.UNCLEAR)
        if parsed.reason is RefusalReason.UNPARSABLE
        else parsed
    )


def _url(text: str, options: ListOptions) -> ParsedIndicators:
    if text.partition(":")[0].lower() not in _NET_SCHEMES:
        return ParsedIndicators(reason=RefusalReason.OTHER_KIND)
    parsed = parse_value(text, options)
    if parsed.values and not _has_true_host(parsed.values[0].key):
        return ParsedIndicators(reason=RefusalReason.UNCLEAR)
    return _clear(parsed)


def _has_true_host(key: str) -> bool:
    host = key.partition("/")[0]
    if host.startswith("["):
        return True
    name = host.partition(":")[0]
    return parse_address(name) is not None or is_ending(name.rpartition(".")[2])


def _clear(parsed: ParsedIndicators) -> ParsedIndicators:
    """Return `parsed`, with unparsable values marked as unclear for a person."""
    return (
        ParsedIndicators(reason=RefusalReason.UNCLEAR)
        if parsed.reason is RefusalReason.UNPARSABLE
        else parsed
    )


def _host(plain: RefangedText, start: int, end: int, options: ListOptions) -> TextIndicator | None:
    text = plain.text
    word = text[start:end]
    hard, soft = _meant(plain.hard, start, end), _meant(plain.soft, start, end)
    before, behind = text[start - 1 : start], text[end : end + 2]
    if not (hard or soft) and ((before and before in "/\\$%~#") or _CALL.match(behind)):
        return None  # a piece of a path, of a variable or of a program
    head = re.split(r"[/:]", word, maxsplit=1)[0]
    labels = head.removeprefix("*").strip(".").split(".")
    if all(label.isdigit() or not label for label in labels):
        return _numbers(plain, (start, end), labels, options, defanged=hard or soft)
    if not (hard or soft) and _LIBRARY.fullmatch(head):
        return None
    if not is_ending(labels[-1]):
        # No such domain can exist, but the writer meant an indicator.
        if not hard and (not soft or is_file_ending(labels[-1])):
            return None
        return _text_indicator(
            plain, start, end, ParsedIndicators(reason=RefusalReason.UNCLEAR), defanged=True
        )
    if not is_written_as_names_are(head):
        return _text_indicator(
            plain, start, end, ParsedIndicators(reason=RefusalReason.UNCLEAR), defanged=hard
        )
    doubtful = not (hard or soft) and (may_be_no_name(labels) or behind == ".*")
    parsed = _clear(parse_value(word, options))
    return _text_indicator(plain, start, end, parsed, defanged=hard or soft, doubtful=doubtful)


def _numbers(
    plain: RefangedText,
    span: tuple[int, int],
    labels: list[str],
    options: ListOptions,
    *,
    defanged: bool,
) -> TextIndicator | None:
    start, end = span
    parsed = parse_value(plain.text[start:end], options)
    if len(labels) == 4 and parsed.reason is not RefusalReason.UNPARSABLE:
        before = plain.text[max(0, start - 40) : start]
        if not defanged and _VERSION.search(before):
            return _text_indicator(
                plain, start, end, ParsedIndicators(reason=RefusalReason.OTHER_KIND)
            )
        return _text_indicator(plain, start, end, parsed, defanged=defanged)
    # 3.2.1 and 10.0.19041.1 number sections and versions; 203.0.113.300 was to be an address.
    as_address = len(labels) == 4 and all(1 <= len(label) <= 3 for label in labels)
    if not defanged and (not as_address or _VERSION.search(plain.text[max(0, start - 40) : start])):
        return None
    return _text_indicator(
        plain, start, end, ParsedIndicators(reason=RefusalReason.UNCLEAR), defanged=defanged
    )
