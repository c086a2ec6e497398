"""Whether a document means what it names: an indicator, a source it refers to, or a question."""

import re
from dataclasses import dataclass

from quetsach.indicators.in_text import Found
from quetsach.indicators.known_sites import (
    is_address_service,
    is_for_everybody,
    is_source,
    is_whole_service,
    lies_under,
)
from quetsach.indicators.model import Kind
from quetsach.indicators.options import Reason
from quetsach.indicators.remarks import Section, Stand, is_mail_header
from quetsach.urls import parse_url

_STATE = (".gov.vn", ".gov", ".chinhphu.vn")
_CUE = re.compile(
    r"độc hại|giả mạo|lừa đảo|điều khiển|botnet|tấn công|c2\b|c&c|malicious|phish|attacker|fake",
    re.IGNORECASE,
)
_AFTER_OTHER = re.compile(r"\b[0-9a-fA-F]{32,64}\b|@\w[\w-]{0,62}\.")
_FILE_LABEL = re.compile(
    r"(?:file ?names?|file location|path|tên tệp|tên tập tin|tập tin|tệp)\s*[:=]?\s*[`\"']?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Surroundings:
    """What is known of the place where a value stands; `own` are the sender's mail domains.

    Shapes: `names` is whether the column's heading says that names stand there; `is_link`
    whether it is the target of a link in Markdown or AsciiDoc.
    """

    stand: Stand
    section: Section = Section.OPEN
    benign: bool = False
    own: frozenset[str] = frozenset()
    names: bool = False
    is_link: bool = False


def reason_against(found: Found, around: Surroundings, before: str) -> Reason | None:
    """Return why `found` is not taken where it stands, or None; `before` is the text before it."""
    if found.parsed.reason is not None:
        mentioned = around.stand is Stand.PROSE and not found.defanged
        inside = found.parsed.reason in (Reason.PRIVATE, Reason.RESERVED)
        return Reason.REFERENCE if mentioned and inside else found.parsed.reason
    if around.benign or around.section is Section.BENIGN:
        return Reason.CONTEXT
    if found.kind is Kind.HASH:
        return None
    host = host_of(found)
    if found.kind is Kind.NAME and is_mail_header(before):
        return Reason.UNCLEAR  # mail is sent under false names
    if found.defanged:
        if around.section is Section.SOURCES and is_source(host):
            return Reason.REFERENCE
        return Reason.UNCLEAR if _names_a_service(found, host) else None
    return _against_bare(found, host, around, before)


def _against_bare(found: Found, host: str, around: Surroundings, before: str) -> Reason | None:
    """Return why a value that could be clicked is not taken."""
    if _FILE_LABEL.search(before[-40:]):
        return Reason.OTHER_KIND
    if lies_under(host, around.own):
        return Reason.SENDER
    if around.section is Section.SOURCES or (found.kind is Kind.URL and around.is_link):
        return Reason.REFERENCE
    if around.stand is Stand.VALUE:
        doubtful = found.doubtful and not around.names
        return Reason.UNCLEAR if doubtful or _names_a_service(found, host) else None
    if host.endswith(_STATE) or is_source(host):
        return Reason.REFERENCE
    if around.stand is Stand.ITEM:
        if found.kind is Kind.NAME and _AFTER_OTHER.search(before):
            # The name of the file with this hash; or the server of a mailbox.
            return Reason.OTHER_KIND if found.doubtful else Reason.UNCLEAR
        return Reason.UNCLEAR if found.doubtful or is_for_everybody(host) else None
    if found.kind in (Kind.ADDRESS, Kind.NETWORK) or _CUE.search(before[-60:]):
        return Reason.UNCLEAR
    return Reason.REFERENCE


def host_of(found: Found) -> str:
    """Return the canonical host of what was found; "" for a hash or a refusal."""
    if not found.parsed.values or found.kind is Kind.HASH:
        return ""
    key = found.parsed.values[0].key
    if found.kind is Kind.NAME:
        return key
    url = parse_url(key)
    return key if url is None else url.host


def _names_a_service(found: Found, host: str) -> bool:
    """Return whether taking it would stop a service that everybody uses."""
    if is_address_service(host):
        return True
    is_page = found.kind is Kind.URL and found.parsed.values[0].key.rstrip("/") != host
    return not is_page and is_whole_service(host)
