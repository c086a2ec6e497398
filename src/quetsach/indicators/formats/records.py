"""Records of feeds by field name: their indicators and claims; and decoding of untrusted JSON.

The same names stand in CSV and in JSON of the same feeds (abuse.ch, Blueliv, DataPlane, sandbox
reports), so that one reading of them serves both.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from quetsach.clocks import Zone
from quetsach.decoding import is_utf8
from quetsach.indicators.claim_words import confidence_in, tlp_in
from quetsach.indicators.dates import date_us
from quetsach.indicators.formats.contract import ListFile, ListRow
from quetsach.indicators.formats.plain import LONGEST_LABEL
from quetsach.indicators.model import NO_CLAIM, Claim, IndicatorClass
from quetsach.indicators.options import RefusalReason

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
VALUES = frozenset((*_TYPED, "ja3_md5", "url", *_ADDRESSES, *_NAMES, *_HASHES))
"""The names of fields that may hold an indicator."""

_PORTS = ("port", "dst_port", "dstport")
_FAMILIES = (
    *("malware_printable", "malware_family", "malware_name", "malware", "family", "signature"),
    "malwarename",
)
_LABELS = (
    *(
        "threat_type",
        "threat",
        "listingreason",
        "category",
        "tags",
        "url_status",
        "c2_status",
        "status",
    ),
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
_CONFIDENCES = ("confidence_level", "confidence", "confidence_score")
_LAST = ("last_seen", "last_seen_utc", "lastseen", "last_online", "last_active", "last_sighting")
_CLASS_OF = {word: of_class for of_class, words in _CLASSES.items() for word in words}
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
    """Return whether `text` is a placeholder for an empty field."""
    return text.lower() in _NOTHING


def record_rows(number: int, text: str, record: Record, zone: Zone) -> Iterator[ListRow]:
    """Return a row for each indicator of the record, or a refused row where it holds none.

    Beside a web address an address or name is context: it belongs to the machine that served the
    page, often a hacked site.
    """
    claim = _claim(record, zone)
    refused = _refusal(record)
    has_value = False
    for name, value_text in _values(record):
        has_value = True
        beside_url = "url" in record and name in (*_ADDRESSES, *_NAMES)
        context = RefusalReason.CONTEXT if beside_url else None
        port = _port(record) if name in _ADDRESSES else None
        reason = context if refused is None else refused
        yield ListRow(number, text, value_text, port, claim=claim, refused=reason)
    if not has_value:
        yield ListRow(number, text, text, claim=claim, refused=refused or RefusalReason.UNPARSABLE)


def _values(record: Record) -> Iterator[tuple[str, str]]:
    for name in _TYPED:
        if name in record:
            yield name, record[name]
            return
    # SSLBL: the SHA-1 is that of a certificate, the MD5 a JA3.
    for name, mark in (("sha1", "cert"), ("ja3_md5", "ja3")):
        if "listingreason" in record and name in record:
            yield name, f"{mark}:{record[name]}"
            return
    for name in ("url", *_ADDRESSES, *_NAMES, *_HASHES):
        if name in record:
            yield name, record[name]


def _refusal(record: Record) -> RefusalReason | None:
    # Spamhaus ASN-DROP as JSON: the provider's own home page is not what is meant.
    is_provider = {"asn", "asname"} <= set(record) and not set(record) & set(_ADDRESSES)
    if is_provider and set(record) & set(_NAMES):
        return RefusalReason.OTHER_KIND
    typed = any(name in record for name in _TYPED)
    kind = next((record[name] for name in _TYPES if name in record), "") if typed else ""
    if _FOREIGN.match(kind.lower()):
        return RefusalReason.OTHER_KIND
    # McAfee ATD: severity -1 and 0 are contacts of the sample that were found clean or unknown.
    if "reputation" in record and record.get("severity") in ("0", "-1"):
        return RefusalReason.CONTEXT
    return None


def _claim(record: Record, zone: Zone) -> Claim:
    family = next((record[name] for name in _FAMILIES if name in record), "")
    words = [record[name] for name in _LABELS if name in record and record[name] != family]
    if record.get("is_compromised", "").lower() in ("true", "1"):
        words.insert(0, "compromised site")
    if "last_online" in record:
        words.append(f"last online {record['last_online']}")
    until = next((record[name] for name in _ENDS if name in record), "")
    claim = Claim(
        of_class=_class(record),
        family=family[:LONGEST_LABEL],
        label="; ".join(words)[:LONGEST_LABEL],
        confidence=next(
            (confidence_in(record[name]) for name in _CONFIDENCES if name in record), None
        ),
        tlp=tlp_in(record.get("tlp", "")),
        valid_from_us=date_us(record.get("valid_from", ""), zone, at_end=False),
        valid_until_us=date_us(until, zone, at_end=True),
        last_seen_us=next(
            (date_us(record[name], zone, at_end=True) for name in _LAST if name in record), None
        ),
    )
    return NO_CLAIM if claim == NO_CLAIM else claim


def _class(record: Record) -> IndicatorClass:
    for name in _SAID_CLASS:
        of_class = _CLASS_OF.get(field_name(record.get(name, "")))
        if of_class is not None:
            return of_class
    # Feodo Tracker and SSLBL list botnet controllers only; DataPlane lists scanners.
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


MOST_ITEMS = 15_000_000
"""How many commas an array may have, those inside of its items too."""

_HEAD = 1 << 16
_MARK = b"\xef\xbb\xbf"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST_DATE = 40
# Every escape is matched, so that of two backslashes before `ud800` none begins another escape.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_T = TypeVar("_T")

BROKEN = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)
"""What msgspec raises for JSON that is damaged, nested too deeply, or no UTF-8."""


def json_buffer(file: ListFile) -> bytes | None:
    """Return the JSON of `file` as UTF-8, or None where it begins like none.

    Cost: no copy for UTF-8, which it nearly always is.
    """
    begin = 3 if file.raw.startswith(_MARK) else 0
    head = file.raw[begin : begin + 256].lstrip()
    if head[:1] in (b"{", b"[") and b"\0" not in head and is_utf8(file.raw):
        return _without_halves(file.raw[begin:] if begin else file.raw)
    if not file.raw.startswith((b"\xff\xfe", b"\xfe\xff")) and b"{" not in head:
        return None
    text = (file.text or "").lstrip()
    return _without_halves(text.encode("utf-8", "replace")) if text[:1] in ("{", "[") else None


def head_text(file: ListFile) -> str:
    """Return the first 64 KiB as text, to recognise the form of a damaged file."""
    return file.raw[:_HEAD].replace(b"\0", b"").decode("utf-8", "replace")


def decoded(buffer: bytes | msgspec.Raw, of_type: type[_T]) -> _T | None:
    """Return `buffer` as `of_type`, or None where it is damaged or of another type."""
    try:
        return msgspec.json.decode(buffer, type=of_type)
    except BROKEN:
        return None


def items(buffer: bytes | msgspec.Raw) -> list[msgspec.Raw] | None:
    """Return the items of the JSON array `buffer`, undecoded, or None where it is no array."""
    content = bytes(buffer) if len(memoryview(buffer)) else b""
    # Each item needs some 70 bytes however short it is: a hostile list would fill the memory.
    if not content or content.count(b",") > MOST_ITEMS:
        return None
    return decoded(buffer, list[msgspec.Raw])


def damage(buffer: bytes | msgspec.Raw) -> str:
    """Return the decoder's message on why the JSON of `buffer` is invalid; "" where it is valid."""
    try:
        msgspec.json.decode(buffer, type=msgspec.Raw)
    except BROKEN as err:
        return str(err)
    return ""


def excerpt(buffer: msgspec.Raw, limit: int = 200) -> str:
    """Return the first characters of an undecoded item, as it is written."""
    return bytes(memoryview(buffer)[: 4 * limit]).decode("utf-8", "replace")[:limit]


def as_text(content: Any) -> str:
    """Return `content` where it is a text, else ""."""
    return content if isinstance(content, str) else ""


def as_texts(content: Any) -> list[str]:
    """Return the texts in the list `content`; [] for anything else."""
    return [text for text in content if isinstance(text, str)] if isinstance(content, list) else []


def as_dicts(content: Any) -> Iterator[dict[str, Any]]:
    """Return the JSON objects in the list `content`, one by one; none for anything else."""
    if isinstance(content, list):
        yield from (json_object for json_object in content if isinstance(json_object, dict))


def as_flag(flag: Any) -> bool:
    """Return whether `flag` is true: true, 1, or such a text."""
    if isinstance(flag, str):
        return flag.strip().lower() in ("1", "true", "yes")
    return flag is True or (isinstance(flag, int) and flag == 1)


def as_percent(figure: Any) -> int | None:
    """Return the whole number 0 to 100 that `figure` is, else None."""
    is_number = isinstance(figure, int) and not isinstance(figure, bool)
    return figure if is_number and 0 <= figure <= 100 else None


def instant_us(timestamp: Any) -> int | None:
    """Return the moment of an RFC 3339 timestamp, or None; fractions finer than 1 us are cut."""
    if (
        not isinstance(timestamp, str)
        or not 19 <= len(timestamp) <= _LONGEST_DATE
        or timestamp[10:11] != "T"
    ):
        return None
    return _instant_us(timestamp)


@lru_cache(maxsize=4096)
def _instant_us(text: str) -> int | None:
    try:
        when = datetime.fromisoformat(text)
        aware = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
        return (aware - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError):
        return None


def _without_halves(raw: bytes) -> bytes:
    """Return `raw` with halves of characters replaced, over which msgspec gives up."""
    if b"\\ud" not in raw and b"\\uD" not in raw:
        return raw
    return _ESCAPE.sub(lambda match: rb"\ufffd" if match.group(1) else match.group(), raw)
