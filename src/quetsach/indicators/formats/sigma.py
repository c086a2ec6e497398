"""Sigma rules: the values of detection fields that are enough alone, from YAML.

Source: the Sigma specification 2.0 (rules, modifiers, conditions) and its taxonomy of field names.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from quetsach.errors.exceptions import Problem
from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.formats.plain import LONGEST_LABEL
from quetsach.indicators.formats.records import head_text
from quetsach.indicators.formats.strict_yaml import LARGEST_YAML, read_documents
from quetsach.indicators.model import Claim, IndicatorKind, IndicatorStatus, MatchRule
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.values import parse_value
from quetsach.indicators.vocabulary import class_of, tlp_of
from quetsach.texts import _

_LOOKS = re.compile(r"^(?:detection|logsource)[ \t]*:", re.MULTILINE)
_BOTH = (
    re.compile(r"^detection[ \t]*:", re.MULTILINE),
    re.compile(r"^(?:title|logsource)[ \t]*:", re.MULTILINE),
)

# Field names of the taxonomy and of ECS, Zeek and proxies, in lower case.
_FIELDS: Mapping[str, IndicatorKind] = {
    **dict.fromkeys(
        (
            *("queryname", "query", "dns.question.name", "dns_query", "record.query"),
            *("destinationhostname", "destination.domain", "cs-host", "c-uri-host", "r-dns"),
            *("url.domain", "tls.client.server_name", "server_name"),
        ),
        IndicatorKind.NAME,
    ),
    **dict.fromkeys(
        (
            *("destinationip", "dst_ip", "destination.ip", "dst-ip", "id.resp_h"),
            *("remoteaddress", "dns.resolved_ip"),
        ),
        IndicatorKind.ADDRESS,
    ),
    **dict.fromkeys(("c-uri", "url", "url.full", "url.original", "request_url"), IndicatorKind.URL),
    **dict.fromkeys(
        (
            *("md5", "sha1", "sha256", "hashes", "hash", "sha256hash", "md5hash", "sha1hash"),
            *("file.hash.md5", "file.hash.sha1", "file.hash.sha256"),
        ),
        IndicatorKind.HASH,
    ),
}
_OF_THE_SOURCE = frozenset(
    {
        *("eventid", "channel", "provider_name", "initiated"),
        *("event.code", "event.category", "event.dataset"),
    }
)
"""What says which log is meant, not what happened: it narrows no value of the others."""

_LABELLED_HASH = re.compile(
    r"(?P<label>MD5|SHA1|SHA256|IMPHASH)=(?P<hash>[0-9A-Fa-f]+)", re.IGNORECASE
)
_SELECTION = re.compile(r"[A-Za-z_][\w.*-]{0,255}")
_MOST_PATTERNS = 100
"""In the conditions of a rule: each is held against all its selections, and real rules have few."""

_ENDED = ("deprecated", "unsupported")


class _Value(NamedTuple):
    """One value of a detection field, and whether it satisfies the rule alone."""

    field: str
    modifiers: tuple[str, ...]
    text: str
    is_alone: bool


class Sigma:
    """Rules of Sigma, one or more in a file."""

    name = "sigma"
    title = "Sigma rules (YAML)"
    reads = (
        "values of detection fields that are enough alone: names, addresses, whole web addresses, "
        "hashes; conditions joined by `and` or `not` are listed as not applied"
    )

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each value of the rules, or None where the file is no Sigma."""
        head = head_text(file)
        if not _LOOKS.search(head):
            return None
        if len(file.raw) > LARGEST_YAML:
            reason = _("it is larger than %(size)s MiB") % {"size": LARGEST_YAML >> 20}
            return FormReading((), problems=(Problem("E210", file.name, {"reason": reason}),))
        text = file.raw.decode("utf-8", "replace")
        if not all(mark.search(text) for mark in _BOTH):
            return None
        documents = read_documents(text)
        if isinstance(documents, str):
            problem = Problem("E210", file.name, {"reason": documents})
            return FormReading((), problems=(problem,))
        rules = [rule for rule in documents if isinstance(rule, dict)]
        if not any(isinstance(rule.get("detection"), dict) for rule in rules):
            return None
        return FormReading(_rows(rules))


def _rows(rules: Sequence[Mapping[str, Any]]) -> Iterator[ListRow]:
    number = 0
    counted = _counted(rules)
    for rule in rules:
        detection = rule.get("detection")
        if not isinstance(detection, dict):
            continue
        claim = _claim(rule)
        is_counted = not counted.isdisjoint((_written(rule.get("name")), _written(rule.get("id"))))
        for field_value in _values(detection):
            number += 1
            is_alone = field_value.is_alone and not is_counted
            yield _row(number, field_value._replace(is_alone=is_alone), claim)


def _counted(rules: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Return names and ids of the rules that only correlations of the file count, say by the hour.

    Source: the Sigma specification of correlation rules: without `generate` such a rule alone tells
    nothing.
    """
    names: set[str] = set()
    for rule in rules:
        correlation = rule.get("correlation")
        if not isinstance(correlation, dict):
            continue
        generates = (_written(place.get("generate")).lower() for place in (rule, correlation))
        named = correlation.get("rules")
        if "true" not in generates:
            names |= {_written(name) for name in (named if isinstance(named, list) else [named])}
    return frozenset(names - {""})


def _values(detection: Mapping[str, Any]) -> Iterator[_Value]:
    """Yield each value of the selections, in the order of the rule."""
    alone = _alone(detection)
    for name, selection in detection.items():
        if name in ("condition", "timeframe"):
            continue
        # A list of maps is joined by OR, a map by AND, a list of values is one of keywords.
        for part in selection if isinstance(selection, list) else [selection]:
            if not isinstance(part, dict):
                yield _Value("", (), _written(part), is_alone=False)
                continue
            fields = [str(key).partition("|")[0].lower() for key in part]
            joined = [field for field in fields if field not in _OF_THE_SOURCE]
            for key, field_values in part.items():
                field, *modifiers = str(key).lower().split("|")
                if field in _OF_THE_SOURCE:
                    continue
                is_alone = name in alone and len(joined) == 1 and "all" not in modifiers
                texts = field_values if isinstance(field_values, list) else [field_values]
                for text in texts:
                    yield _Value(field, tuple(modifiers), _written(text), is_alone)


def _alone(detection: Mapping[str, Any]) -> frozenset[str]:
    """Return the selections of which one is enough, by the condition; none where it is not clear.

    A condition is understood that joins selections by `or`, and `1 of` a name, a pattern or `them`.
    """
    condition = detection.get("condition")
    names = [name for name in detection if name not in ("condition", "timeframe")]
    conditions = condition if isinstance(condition, list) else [condition]
    enough: set[str] = set()
    patterns = 0
    for written in conditions:
        if not isinstance(written, str) or "|" in written:
            continue
        words = " ".join(written.split()).strip("()").strip()
        chosen: set[str] = set()
        for part in re.split(" or ", words, flags=re.IGNORECASE):
            of = re.fullmatch(r"(?:1|any) of (\S+)", part, re.IGNORECASE)
            pattern = of.group(1) if of else part
            patterns += bool(of)
            if not _SELECTION.fullmatch(pattern) or patterns > _MOST_PATTERNS:
                chosen.clear()
                break
            chosen |= _chosen(pattern, names) if of else {pattern} & detection.keys()
        enough |= chosen
    return frozenset(enough)


def _chosen(pattern: str, names: Sequence[str]) -> set[str]:
    """Return what `1 of` a name, a pattern or `them` means: none of `_names` unless it says so."""
    pattern = "*" if pattern.lower() == "them" else pattern
    is_hidden = pattern.startswith("_")
    return {
        name
        for name in names
        if (is_hidden or not name.startswith("_")) and fnmatchcase(name, pattern)
    }


def _row(number: int, field_value: _Value, claim: Claim) -> ListRow:
    text = "|".join((field_value.field, *field_value.modifiers)) + f": {field_value.text}"
    kind = _FIELDS.get(field_value.field)
    if kind is None:
        return ListRow(number, text, field_value.text, refused=RefusalReason.OTHER_KIND)
    if not field_value.text:
        return ListRow(number, text, "", refused=RefusalReason.EMPTY)
    plain, rule = _plain(kind, field_value)
    if kind is IndicatorKind.HASH and (labelled := _LABELLED_HASH.search(field_value.text)):
        if labelled["label"].upper() == "IMPHASH":
            return ListRow(number, text, field_value.text, refused=RefusalReason.OTHER_KIND)
        plain = labelled["hash"] if plain is not None else None
    if plain is None or not field_value.is_alone:
        return ListRow(number, text, field_value.text, refused=RefusalReason.NOT_APPLIED)
    return ListRow(number, text, plain, rule=rule, claim=claim)


def _plain(kind: IndicatorKind, field_value: _Value) -> tuple[str | None, MatchRule | None]:
    """Return the value as a list has it, with its match rule; None where it is only a part."""
    text, modifiers = field_value.text, set(field_value.modifiers) - {"cased", "windash"}
    if kind is IndicatorKind.NAME:
        is_below = text.startswith("*.") or bool(modifiers & {"endswith", "contains"})
        bare = text.strip("*").removeprefix(".").rstrip(".")
        is_whole = _kind(bare) is IndicatorKind.NAME and "*" not in bare and "?" not in bare
        # `*bad.example` would meet notbad.example as well: the name and those below it are meant.
        if not is_whole or modifiers - {"endswith", "contains"}:
            return None, None
        is_below = is_below or text.startswith("*")
        return bare, MatchRule.BELOW if is_below else MatchRule.EXACT
    if kind is IndicatorKind.ADDRESS:
        if modifiers - {"cidr"} or "*" in text:
            return None, None
        return text, None
    if kind is IndicatorKind.HASH:
        bare = text.strip("*")
        is_whole = _kind(bare) is IndicatorKind.HASH or bool(_LABELLED_HASH.search(text))
        return (bare, None) if is_whole and not modifiers - {"contains"} else (None, None)
    is_whole = not modifiers and "*" not in text and _kind(text) is IndicatorKind.URL
    return (text, None) if is_whole else (None, None)


def _kind(text: str) -> IndicatorKind | None:
    parsed = parse_value(text, ListOptions()).values
    return parsed[0].kind if len(parsed) == 1 else None


def _claim(rule: Mapping[str, Any]) -> Claim:
    tags = rule.get("tags")
    words = [str(tag) for tag in tags] if isinstance(tags, list) else []
    ended = str(rule.get("status", "")).lower() in _ENDED
    return Claim(
        of_class=class_of(words),
        label=_written(rule.get("title"))[:LONGEST_LABEL],
        tlp=tlp_of([word.replace("tlp.", "tlp:", 1) for word in words]),
        status=IndicatorStatus.WITHDRAWN if ended else IndicatorStatus.ACTIVE,
    )


def _written(value: Any) -> str:
    return "" if value is None or isinstance(value, (dict, list)) else str(value).strip()
