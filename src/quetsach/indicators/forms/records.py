"""One record of a feed, by the names of its fields: which of them are indicators, and what it says.

The same names stand in CSV and in JSON of the same feeds (abuse.ch, Blueliv, DataPlane, sandbox
reports), so that one reading of them serves both.
"""

import re
from collections.abc import Iterator, Mapping

from quetsach.clocks import Zone
from quetsach.indicators.dates import date_us
from quetsach.indicators.forms.plain import LONGEST_LABEL
from quetsach.indicators.forms.rows import ListRow
from quetsach.indicators.model import NO_CLAIM, Claim, IndicatorClass, Tlp
from quetsach.indicators.options import Reason

Record = Mapping[str, str]
"""The fields of one record by `field_name`, empty ones left out."""

_TYPED = ("ioc_value", "ioc", "indicator", "indicator_value", "observable")
_TYPES = ("ioc_type", "indicator_type", "type", "kind")
_ADDRESSES = (
    *("ip", "ip_address", "ipaddr", "ip_addr", "dst_ip", "dstip", "saddr", "ipv4", "ipv6"),
    *("cidr", "network", "subnet", "prefix"),
)
_NAMES = ("domain", "domain_name", "fqdn")
_HASHES = (
    *("sha256", "sha_256", "sha256_hash", "sha1", "sha_1", "sha1_hash", "md5", "md5_hash"),
    *("hash", "file_hash"),
)
VALUES = frozenset((*_TYPED, "url", *_ADDRESSES, *_NAMES, *_HASHES))
"""The names of fields that may hold an indicator."""

_PORTS = ("port", "dst_port", "dstport")
_FAMILIES = (
    *("malware_printable", "malware_family", "malware_name", "malware", "family", "signature"),
    "malwarename",
)
_LABELS = (
    *("threat_type", "threat", "category", "tags", "url_status", "c2_status", "status"),
    *("description", "comment", "note", "filename", "file_name", "name"),
)
_SAID_CLASS = ("threat_type", "threat", "classification_type", "category", "type")
_CLASSES = {
    IndicatorClass.C2: ("botnet_cc", "c2", "cc", "cnc", "c_and_c", "c2_server", "c&c"),
    IndicatorClass.DOWNLOAD: (
        *("payload_delivery", "payload", "malware_download", "malware", "exploit_kit"),
        "malware_distribution",
    ),
    IndicatorClass.PHISHING: ("phishing", "phish"),
    IndicatorClass.SINKHOLE: ("sinkhole",),
    IndicatorClass.SCANNER: ("scanner", "scan"),
}
_ENDS = ("valid_until", "expires", "expiry", "expiration", "expires_at", "expiration_date")
_CLASS_OF = {word: one for one, words in _CLASSES.items() for word in words}
_FOREIGN = re.compile(
    r"sha3|sha_?512|e-?mail|envelope|file_?name|path|mutex|registry|ja3|ssl|x509|cert|btc|wallet"
)
_NOTHING = frozenset(("", "-", "none", "null", "n/a", "not available", "?", "---"))
_NAME = re.compile(r"[^0-9a-z&]+")


def field_name(text: str) -> str:
    """Return the name of a field as VALUES has them: `"SHA-256"` is `sha_256`."""
    return _NAME.sub("_", text.strip().lower()).strip("_")


def record_of(names: list[str], cells: list[str]) -> Record:
    """Return the record of one line; what says "nothing" is left out."""
    pairs = zip(names, cells, strict=False)
    return {name: cell for name, raw in pairs if not is_nothing(cell := raw.strip())}


def is_nothing(text: str) -> bool:
    """Return whether a feed writes `text` where it has nothing to say."""
    return text.lower() in _NOTHING


def record_rows(number: int, text: str, record: Record, zone: Zone) -> Iterator[ListRow]:
    """Return a row for each indicator of the record, or a refused row where it holds none.

    A web address stands for itself alone: the address or name beside it is of the machine that
    served it, often a hacked site, and is told as context.
    """
    claim = _claim(record, zone)
    refused = _refusal(record)
    found = False
    for name, value in _values(record):
        found = True
        beside_url = "url" in record and name in (*_ADDRESSES, *_NAMES)
        context = Reason.CONTEXT if beside_url else None
        port = _port(record) if name in _ADDRESSES else None
        reason = context if refused is None else refused
        yield ListRow(number, text, value, port, claim=claim, refused=reason)
    if not found:
        yield ListRow(number, text, text, claim=claim, refused=refused or Reason.UNPARSABLE)


def _values(record: Record) -> Iterator[tuple[str, str]]:
    for name in _TYPED:
        if name in record:
            yield name, record[name]
            return
    for name in ("url", *_ADDRESSES, *_NAMES, *_HASHES):
        if name in record:
            yield name, record[name]


def _refusal(record: Record) -> Reason | None:
    # SSLBL: the SHA-1 is that of a certificate, which no log of ours names.
    if "listingreason" in record:
        return Reason.OTHER_KIND
    # Spamhaus ASN-DROP as JSON: the provider's own home page is not what is meant.
    is_provider = {"asn", "asname"} <= set(record) and not set(record) & set(_ADDRESSES)
    if is_provider and set(record) & set(_NAMES):
        return Reason.OTHER_KIND
    typed = any(name in record for name in _TYPED)
    kind = next((record[name] for name in _TYPES if name in record), "") if typed else ""
    if _FOREIGN.match(kind.lower()):
        return Reason.OTHER_KIND
    # McAfee ATD: severity -1 and 0 are contacts of the sample that were found clean or unknown.
    if "reputation" in record and record.get("severity") in ("0", "-1"):
        return Reason.CONTEXT
    return None


def _claim(record: Record, zone: Zone) -> Claim:
    family = next((record[name] for name in _FAMILIES if name in record), "")
    words = [record[name] for name in _LABELS if name in record and record[name] != family]
    if record.get("is_compromised", "").lower() in ("true", "1"):
        words.insert(0, "compromised site")
    if "last_online" in record:
        words.append(f"last online {record['last_online']}")
    until = next((record[name] for name in _ENDS if name in record), "")
    said = Claim(
        of_class=_class(record),
        family=family[:LONGEST_LABEL],
        label="; ".join(words)[:LONGEST_LABEL],
        confidence=_percent(record.get("confidence_level", "")),
        tlp=_tlp(record.get("tlp", "")),
        valid_from_us=date_us(record.get("valid_from", ""), zone, at_end=False),
        valid_until_us=date_us(until, zone, at_end=True),
    )
    return NO_CLAIM if said == NO_CLAIM else said


def _class(record: Record) -> IndicatorClass:
    for name in _SAID_CLASS:
        of_class = _CLASS_OF.get(field_name(record.get(name, "")))
        if of_class is not None:
            return of_class
    # Feodo Tracker and SSLBL list botnet controllers alone; DataPlane lists who knocks on doors.
    if "c2_status" in record or {"ip_address", "last_online", "malware"} <= set(record):
        return IndicatorClass.C2
    if {"dstip", "dstport"} <= set(record):
        return IndicatorClass.C2
    if "asname" in record and set(record) & {"ipaddr", "saddr"}:
        return IndicatorClass.SCANNER
    # URLhaus payloads: what was fetched from the web address.
    return IndicatorClass.DOWNLOAD if {"url", "filetype"} <= set(record) else IndicatorClass.UNKNOWN


def _port(record: Record) -> int | None:
    text = next((record[name] for name in _PORTS if name in record), "")
    is_port = text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536
    return int(text) if is_port else None


def _percent(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) < 4
    return min(int(text), 100) if is_number else None


def _tlp(text: str) -> Tlp | None:
    word = text.lower().removeprefix("tlp:").strip()
    return next((one for one in Tlp if one == word), Tlp.CLEAR if word == "white" else None)
