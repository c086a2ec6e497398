"""One attribute of MISP, however it was exported, as rows of a list."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from quetsach.indicators.forms.plain import LONGEST_LABEL
from quetsach.indicators.forms.rows import ListRow
from quetsach.indicators.model import Claim, IndicatorClass, Rule, Status, Tlp
from quetsach.indicators.options import Reason
from quetsach.indicators.vocabulary import class_of, tag_parts, tlp_of

# Source: MISP, describeTypes.json; every other type is of another kind (`x509-fingerprint-sha1`
# and `imphash` look like the hash of a file and are none).
_WHOLE = frozenset(("ip-src", "ip-dst", "url", "md5", "sha1", "sha256"))
_NAMES = {"domain": None, "hostname": Rule.EXACT, "onion-address": Rule.EXACT}
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
class Attribute:
    """An attribute, with the tags of its own, and what its event says of all of them.

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


def attribute_rows(number: int, one: Attribute) -> Iterator[ListRow]:
    """Return the rows of one attribute: two for `domain|ip`, one for any other."""
    text = f"{one.type}: {one.value}"
    refused = _refused(one)
    if refused is not None:
        yield ListRow(number, text, one.value, refused=refused, place=one.place)
        return
    claim = _claim(one)
    for value, rule in _values(one):
        yield ListRow(number, text, value, rule=rule, claim=claim, place=one.place)


def is_type(text: str) -> bool:
    """Return whether `text` is the name of an attribute type of which we take values."""
    return (
        text in _WHOLE or text in _NAMES or text in _BEHIND_FILE_NAME | _WITH_PORT | {"domain|ip"}
    )


def _refused(one: Attribute) -> Reason | None:
    if one.type in _RULES:
        return Reason.NOT_APPLIED
    if one.type in _REFERENCES and not (one.type == "uri" and "//" in one.value):
        return Reason.CONTEXT if one.type == "link" else Reason.OTHER_KIND
    if one.type not in _REFERENCES and one.type != "malware-sample" and not is_type(one.type):
        return Reason.OTHER_KIND
    if not one.to_ids:
        return Reason.CONTEXT
    # The column of values holds the two halves with a bar; without it nobody knows which is which.
    return Reason.UNPARSABLE if "|" in one.type and one.value.count("|") != 1 else None


def _values(one: Attribute) -> list[tuple[str, Rule | None]]:
    front, bar, behind = one.value.rpartition("|")
    if one.type in _NAMES:
        return [(one.value, _NAMES[one.type])]
    if one.type == "domain|ip":
        return [(front, None), (behind, None)]
    if one.type in _WITH_PORT:
        host = f"[{front}]" if ":" in front else front
        return [(f"{host}:{behind}", Rule.EXACT if one.type == "hostname|port" else None)]
    return [(behind if bar and one.type not in _WHOLE else one.value, None)]


def _claim(one: Attribute) -> Claim:
    said = _tags_say(one.tags, one.event_tags)
    of_class = class_of([one.comment]) if one.comment else IndicatorClass.UNKNOWN
    words = [word for word in (one.comment.strip(), one.label.strip()) if word]
    return Claim(
        of_class=said[0] if of_class is IndicatorClass.UNKNOWN else of_class,
        family=said[1],
        label="; ".join(words)[:LONGEST_LABEL],
        confidence=said[2],
        tlp=said[3],
        status=Status.WITHDRAWN if one.deleted else Status.ACTIVE,
    )


@lru_cache(maxsize=4096)
def _tags_say(
    own: tuple[str, ...], of_event: tuple[str, ...]
) -> tuple[IndicatorClass, str, int | None, Tlp | None]:
    tags = (*own, *of_event)
    # A technique of the event (`misp-galaxy:mitre-attack-pattern`) is none of each attribute.
    classes = [tag for tag in tags if not tag.lower().startswith("misp-galaxy:")]
    return class_of(classes), _family(own) or _family(of_event), _confidence(tags), tlp_of(tags)


def _family(tags: Sequence[str]) -> str:
    """Return the malware that the tags name, if they name just one."""
    found = set()
    for tag in tags:
        namespace, predicate, value = tag_parts(tag)
        if namespace == "misp-galaxy" and _MALWARE.fullmatch(predicate.lower()) and value:
            found.add(_ATTACK_ID.sub("", value)[:LONGEST_LABEL])
    return found.pop() if len(found) == 1 else ""


def _confidence(tags: Sequence[str]) -> int | None:
    for tag in tags:
        namespace, predicate, value = tag_parts(tag)
        if (namespace, predicate) == ("misp", "confidence-level"):
            return _CONFIDENCE.get(value)
    return None
