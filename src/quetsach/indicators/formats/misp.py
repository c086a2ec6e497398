"""MISP attributes as rows of a list, and the CSV exports of MISP."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from quetsach.errors.exceptions import Problem
from quetsach.indicators.fingerprints import MISP_TYPES
from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.formats.plain import LONGEST_LABEL
from quetsach.indicators.formats.records import as_flag, instant_us
from quetsach.indicators.model import Claim, IndicatorClass, IndicatorStatus, MatchRule, Tlp
from quetsach.indicators.options import RefusalReason
from quetsach.indicators.vocabulary import class_of, tag_parts, tlp_of

# Source: MISP, describeTypes.json; every other type is of another kind (`imphash` looks like
# the hash of a file and is none).
_WHOLE = frozenset(("ip-src", "ip-dst", "url", "md5", "sha1", "sha256"))
_NAMES = {"domain": None, "hostname": MatchRule.EXACT, "onion-address": MatchRule.EXACT}
_WITH_PORT = frozenset(("ip-src|port", "ip-dst|port", "hostname|port"))
_BEHIND_FILE_NAME = frozenset(("filename|md5", "filename|sha1", "filename|sha256"))
_RULES = frozenset(
    ("snort", "suricata", "bro", "zeek", "yara", "sigma", "stix2-pattern", "gene", "kusto-query")
) | {"pattern-in-file", "pattern-in-traffic", "pattern-in-memory", "filename-pattern"}
_REFERENCES = frozenset(("link", "uri"))

# Source: MISP/misp-taxonomies, misp/machinetag.json.
_CONFIDENCE = {
    "completely-confident": 100,
    "usually-confident": 75,
    "fairly-confident": 50,
    "rarely-confident": 25,
    "unconfident": 0,
}
# Source: MISP/misp-galaxy, the clusters that name malware.
_MALWARE = re.compile(
    r"malpedia|mitre-malware|mitre-enterprise-attack-malware|mitre-mobile-attack-malware|tool"
    r"|ransomware|banker|rat|botnet|stealer|backdoor|cryptominers|android|tds|infostealer"
)
_ATTACK_ID = re.compile(r" - S[0-9]{4}$")


@dataclass(frozen=True)
class MispAttribute:
    """An attribute with its own tags and those of its event.

    Shapes: `event_tags` are those of the event; `label` is the event's title.
    """

    type: str
    value: str
    to_ids: bool
    deleted: bool = False
    comment: str = ""
    tags: tuple[str, ...] = ()
    event_tags: tuple[str, ...] = ()
    label: str = ""
    place: str = ""
    last_seen: str = ""
    proposed: bool = False


def attribute_rows(number: int, attribute: MispAttribute) -> Iterator[ListRow]:
    """Return the rows of one attribute: two for `domain|ip`, one for any other."""
    text = f"{attribute.type}: {attribute.value}"
    refused = _refused(attribute)
    if refused not in (None, RefusalReason.NOT_FOR_DETECTION, RefusalReason.PATH_ONLY):
        yield ListRow(number, text, attribute.value, refused=refused, place=attribute.place)
        return
    claim = _claim(attribute)
    # What a person may take in all the same has its values apart, and what is said of them.
    for value, rule in _values(attribute):
        yield ListRow(
            number, text, value, rule=rule, claim=claim, place=attribute.place, refused=refused
        )


def is_type(text: str) -> bool:
    """Return whether `text` is the name of a supported attribute type."""
    return (
        text in _WHOLE
        or text in MISP_TYPES
        or text in _NAMES
        or text in _BEHIND_FILE_NAME | _WITH_PORT | {"domain|ip"}
    )


def _refused(attribute: MispAttribute) -> RefusalReason | None:
    if attribute.type in _RULES:
        return RefusalReason.NOT_APPLIED
    if attribute.type in _REFERENCES and not (attribute.type == "uri" and "//" in attribute.value):
        if attribute.type == "link":
            return RefusalReason.CONTEXT
        is_path = attribute.value.startswith("/") and attribute.to_ids
        return RefusalReason.PATH_ONLY if is_path else RefusalReason.OTHER_KIND
    if (
        attribute.type not in _REFERENCES
        and attribute.type != "malware-sample"
        and not is_type(attribute.type)
    ):
        return RefusalReason.OTHER_KIND
    if attribute.proposed:
        return RefusalReason.CONTEXT
    if not attribute.to_ids and not attribute.deleted:
        return RefusalReason.NOT_FOR_DETECTION
    if not attribute.to_ids:
        return RefusalReason.CONTEXT
    # The value has two parts separated by a bar; without it the parts are unknown.
    return (
        RefusalReason.UNPARSABLE
        if "|" in attribute.type and attribute.value.count("|") != 1
        else None
    )


def _values(attribute: MispAttribute) -> list[tuple[str, MatchRule | None]]:
    front, bar, behind = attribute.value.rpartition("|")
    if attribute.type in MISP_TYPES:
        return [(f"{MISP_TYPES[attribute.type]}:{attribute.value}", None)]
    if attribute.type in _NAMES:
        return [(attribute.value, _NAMES[attribute.type])]
    if attribute.type == "domain|ip":
        return [(front, None), (behind, None)]
    if attribute.type in _WITH_PORT:
        host = f"[{front}]" if ":" in front else front
        return [
            (f"{host}:{behind}", MatchRule.EXACT if attribute.type == "hostname|port" else None)
        ]
    return [(behind if bar and attribute.type not in _WHOLE else attribute.value, None)]


def _claim(attribute: MispAttribute) -> Claim:
    by_tags = _tags_say(attribute.tags, attribute.event_tags)
    of_class = class_of([attribute.comment]) if attribute.comment else IndicatorClass.UNKNOWN
    words = [word for word in (attribute.comment.strip(), attribute.label.strip()) if word]
    return Claim(
        of_class=by_tags[0] if of_class is IndicatorClass.UNKNOWN else of_class,
        family=by_tags[1],
        label="; ".join(words)[:LONGEST_LABEL],
        confidence=by_tags[2],
        tlp=by_tags[3],
        status=IndicatorStatus.WITHDRAWN if attribute.deleted else IndicatorStatus.ACTIVE,
        last_seen_us=instant_us(attribute.last_seen),
    )


@lru_cache(maxsize=4096)
def _tags_say(
    own: tuple[str, ...], of_event: tuple[str, ...]
) -> tuple[IndicatorClass, str, int | None, Tlp | None]:
    tags = (*own, *of_event)
    # A technique of the event (`misp-galaxy:mitre-attack-pattern`) is not one of each attribute.
    classes = [tag for tag in tags if not tag.lower().startswith("misp-galaxy:")]
    return class_of(classes), _family(own) or _family(of_event), _confidence(tags), tlp_of(tags)


def _family(tags: Sequence[str]) -> str:
    """Return the malware that the tags name, if they name just one."""
    families = set()
    for tag in tags:
        namespace, predicate, value = tag_parts(tag)
        if namespace == "misp-galaxy" and _MALWARE.fullmatch(predicate.lower()) and value:
            families.add(_ATTACK_ID.sub("", value)[:LONGEST_LABEL])
    return families.pop() if len(families) == 1 else ""


def _confidence(tags: Sequence[str]) -> int | None:
    for tag in tags:
        namespace, predicate, value = tag_parts(tag)
        if (namespace, predicate) == ("misp", "confidence-level"):
            return _CONFIDENCE.get(value)
    return None


_NEEDED = {"type", "value", "to_ids"}
_OF_MISP = {"uuid", "event_id", "category", "attribute_tag", "object_relation"}
_FEED_HASH = re.compile(
    r"[0-9a-f]{32},[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*", re.IGNORECASE
)


class MispCsv:
    """Attributes of MISP as a table."""

    name = "misp-csv"
    title = "MISP attributes (CSV)"
    reads = "the columns `type`, `value` and `to_ids` of the export, or a column for each type"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each value of each attribute, or None for any other table."""
        if not file.sample or file.raw.startswith((b"{", b"[", b"<")):
            return None
        # As a table these would be read as hashes of files; they are digests of values.
        if all(map(_FEED_HASH.fullmatch, file.sample)):
            problem = Problem("E211", file.name)
            return FormReading((), problems=(problem,) if file.named else ())
        header = [cell.strip() for cell in _cells(file.sample[0])]
        if set(header) >= _NEEDED and set(header) & _OF_MISP:
            return FormReading(_export_rows(file.lines(), header), "value")
        if len(header) > 1 and all(map(is_type, header)):
            return FormReading(_typed_rows(file.lines(), header), ", ".join(header))
        return None


def _export_rows(lines: Iterator[str], header: Sequence[str]) -> Iterator[ListRow]:
    for number, text, cells in _records(lines, header):
        if len(cells) < len(header):
            yield ListRow(number, text, "", refused=RefusalReason.UNPARSABLE)
            continue
        fields = dict(zip(header, cells, strict=False))
        event = fields.get("event_uuid") or fields.get("event_id", "")
        tags = fields.get("attribute_tag", "").split(",")
        attribute = MispAttribute(
            fields["type"],
            fields["value"],
            as_flag(fields["to_ids"]),
            deleted=as_flag(fields.get("deleted")),
            comment=fields.get("comment", ""),
            tags=tuple(tag.strip()[:300] for tag in tags[:500] if tag.strip()),
            label=fields.get("event_info", ""),
            place=f"MISP event {event}" if event else "",
            last_seen=fields.get("last_seen", ""),
        )
        yield from attribute_rows(number, attribute)


def _typed_rows(lines: Iterator[str], header: Sequence[str]) -> Iterator[ListRow]:
    """Return a row for each cell, of the type that its column is named after."""
    for number, _text, cells in _records(lines, header):
        for kind, cell in zip(header, cells, strict=False):
            if cell:
                yield from attribute_rows(number, MispAttribute(kind, cell, to_ids=True))
        for cell in cells[len(header) :]:
            yield ListRow(number, cell, cell, refused=RefusalReason.UNPARSABLE)


def _records(lines: Iterator[str], header: Sequence[str]) -> Iterator[tuple[int, str, list[str]]]:
    """Return (line number, text, cells) of each record below the header.

    A comment may contain line ends; where a quote is never closed, each line is a record.
    """
    for number, text, cells in _quoted(lines):
        bare = [cell.strip() for cell in cells]
        if any(bare) and not text.startswith("#") and bare != list(header):
            yield number, text, bare


def _quoted(lines: Iterator[str]) -> Iterator[tuple[int, str, list[str]]]:
    pending: list[str] = []

    def feed() -> Iterator[str]:
        for line in lines:
            pending.append(line)
            yield line

    reader = csv.reader(feed(), strict=True)
    number = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            for step, line in enumerate(pending):
                yield number + step, line.strip(), _cells(line)
        else:
            if cells is None:
                return
            yield number, "".join(pending).strip(), cells
        number += len(pending)
        pending.clear()


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return line.split(",")
