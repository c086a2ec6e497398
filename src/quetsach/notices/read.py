"""From files of an authority to notices: each item is one, or is rejected with its reason."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from quetsach.addresses import AddressScope, is_nobody, parse_address, parse_network, standing
from quetsach.clocks import Zone
from quetsach.decoding import decode
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.hostnames import parse_name
from quetsach.notices.formats.contract import (
    NoticeFormat,
    NoticeOptions,
    NoticeRecord,
    NoticeSource,
)
from quetsach.notices.formats.json import json_values
from quetsach.notices.formats.table import TEXT_FORMS, DocumentNotices
from quetsach.notices.headings import NoticeField
from quetsach.notices.model import Notice, NoticeFile, RejectedItem
from quetsach.notices.moments import WrittenTime, moments_in
from quetsach.texts import plain
from quetsach.urls import parse_url

NOTICE_FORMS: tuple[NoticeFormat, ...] = (DocumentNotices(), *TEXT_FORMS)
"""The forms in the order in which they are tried: documents, JSON, text tables last."""

LARGEST_FILE = 512 * 1024 * 1024
"""A file of notices is held in memory while it is read; in bytes."""

MOST_ITEMS = 1_000_000
MOST_RAW = 50_000
"""This many items of a file keep their raw content; for the others the row gives the place."""

KEPT_TEXT = 200
# A narrow cell of a document breaks an address at its dots, never within a number.
_AT_DOT = re.compile(r"\s*\.\s*")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_TRANSPORTS = ("tcp", "udp", "icmp")


def read_notice_files(
    paths: Sequence[str | Path], options: NoticeOptions | None = None
) -> list[NoticeFile]:
    """Return the notices of each of `paths`, in their order.

    Errors: E250 for a file that cannot be read, E251 to E253 as read_notices.
    """
    files = []
    for path in paths:
        try:
            with Path(path).open("rb") as file:
                raw = file.read(LARGEST_FILE + 1)
        except OSError as err:
            raise QuetsachError("E250", str(path), reason=err.strerror or "?") from err
        files.append(read_notices(raw, str(path), options))
    return files


def read_notices(raw: bytes, name: str, options: NoticeOptions | None = None) -> NoticeFile:
    """Return the notices of one file: `items` is the count of notices and of rejected items.

    Errors: E251 for a file of no form that is known; E252 for more than MOST_ITEMS items or
    LARGEST_FILE bytes; E253 for a file without any item; E410 to E419 for a document.
    """
    options = NoticeOptions() if options is None else options
    if len(raw) > LARGEST_FILE:
        raise QuetsachError("E252", name, limit=f"{LARGEST_FILE:,} bytes")
    text = decode(raw)
    source = NoticeSource(name, raw, text, json_values(text), options)
    for form in NOTICE_FORMS:
        records = form.read(source)
        if records is not None:
            return _gathered(records, form.name, source)
    raise QuetsachError("E251", name)


def _gathered(records: Iterator[NoticeRecord], form: str, source: NoticeSource) -> NoticeFile:
    notices: list[Notice] = []
    rejected: list[RejectedItem] = []
    problems: list[Problem] = []
    number = 0
    for record in records:
        if record.problem is not None:
            problems.append(record.problem)
            continue
        number += 1
        if number > MOST_ITEMS:
            raise QuetsachError("E252", source.name, limit=f"{MOST_ITEMS:,}")
        notice = item_of(record, source.name, number, source.options)
        if isinstance(notice, Notice):
            notices.append(notice)
        else:
            rejected.append(notice)
    if not number:
        raise QuetsachError("E253", source.name)
    assert number == len(notices) + len(rejected)
    digest = hashlib.sha256(source.raw).hexdigest()
    return NoticeFile(
        source.name, form, digest, number, tuple(notices), tuple(rejected), tuple(problems)
    )


def item_of(
    record: NoticeRecord, path: str, number: int, options: NoticeOptions
) -> Notice | RejectedItem:
    """Return the notice that `record` writes, or the item rejected with its reason."""

    def rejected(reason: str) -> RejectedItem:
        return RejectedItem(path, number, reason, _excerpt(record), record.place)

    if record.reason:
        return rejected(record.reason)
    fields = record.fields
    written, port_beside = _split(fields.get(NoticeField.ADDRESS, ""))
    address, bad = _address(written, accept_private=options.accept_private)
    if bad:
        return rejected(bad)
    ports = [_port(fields.get(NoticeField.PORT, "") or port_beside)]
    remote, remote_name, remote_port = _remote(fields)
    ports.append(_port(fields.get(NoticeField.REMOTE_PORT, "") or remote_port))
    if -1 in ports:
        return rejected("bad-port")
    moments = _moments(fields, record.zone)
    if moments is None:
        return rejected("bad-time")
    first = moments[0] if moments else None
    count = fields.get(NoticeField.COUNT, "")
    return Notice(
        path=path,
        number=number,
        address=address,
        port=ports[0],
        transport=_transport(fields.get(NoticeField.TRANSPORT, "")),
        when_us=None if first is None else first.us,
        end_us=moments[1].us if len(moments) > 1 else None,
        time_digits="second" if first is None else first.digits,
        zone_assumed=first is not None and bool(first.zone),
        zone="" if first is None else first.zone,
        remote_address=remote,
        remote_port=ports[1],
        remote_name=remote_name,
        family=_shown(fields.get(NoticeField.FAMILY, "")),
        source=_shown(fields.get(NoticeField.SOURCE, "")),
        reference=_shown(fields.get(NoticeField.REFERENCE, "")),
        count=int(count) if count.isascii() and count.isdigit() and len(count) < 16 else None,
        place=record.place,
        row=record.row,
        raw=record.raw if number <= MOST_RAW else (),
    )


@lru_cache(maxsize=65_536)
def _address(text: str, *, accept_private: bool) -> tuple[str, str]:
    """Return the address that `text` writes in its shortest form, or why it can be nobody's."""
    if not text:
        return "", "no-address"
    address = parse_address(text)
    if address is None:
        return "", "network" if parse_network(text) is not None else "bad-address"
    special = standing(address) in (AddressScope.PRIVATE, AddressScope.RESERVED)
    if is_nobody(address) or (special and not accept_private):
        return "", "private-address"
    return str(address), ""


def _split(text: str) -> tuple[str, str]:
    """Return an address and the port written behind it: `a:p`, `[v6]:p`; defanged dots mended."""
    mended = text[:KEPT_TEXT].replace("[.]", ".").replace("(.)", ".")
    mended = _AT_DOT.sub(".", mended.translate(_UNSEEN)).strip()
    if mended.startswith("["):
        host, _end, rest = mended[1:].partition("]")
        return host, rest.removeprefix(":")
    if mended.count(":") == 1:
        host, _colon, port = mended.partition(":")
        return host.strip(), port.strip()
    return mended, ""


def _port(text: str) -> int | None:
    """Return the port that `text` writes: None for an untold one (0, -), -1 for what is none."""
    digits = text.strip()
    if digits in ("", "-", "0", "N/A", "n/a"):
        return None
    # Excel keeps whole numbers as 40112.0 in some exports.
    digits = digits.removesuffix(".0")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 5):
        return -1
    return int(digits) if int(digits) <= 65_535 else -1


def _remote(fields: dict[NoticeField, str]) -> tuple[str, str, str]:
    """Return the destination: its address, its name, and a port written beside it."""
    text = fields.get(NoticeField.REMOTE, "")
    host, port = _split(text)
    address = parse_address(host)
    name = "" if address is not None else _name(text)
    if address is None and not name:
        port = ""
    other, other_port = _split(fields.get(NoticeField.REMOTE_NAME, ""))
    if not name and other:
        at = parse_address(other)
        if at is None:
            name = _name(fields[NoticeField.REMOTE_NAME])
        elif address is None:
            address, port = at, other_port
    return ("" if address is None else str(address)), name, port


@lru_cache(maxsize=4096)
def _name(text: str) -> str:
    """Return the canonical name of a host, or of the host of a URL; "" for anything else."""
    written = text.replace("[.]", ".").replace("hxxp", "http").strip()[:2_000]
    if "/" in written:
        url = parse_url(written)
        return "" if url is None else url.host
    host, _port_beside = _split(written)
    name = parse_name(host) if "." in host else None
    return "" if name is None else name.ascii


def _moments(fields: dict[NoticeField, str], zone: Zone) -> tuple[WrittenTime, ...] | None:
    """Return the given time and end, both empty if absent; None if unreadable."""
    text = fields.get(NoticeField.TIME, "")
    if not text:
        return ()
    moments = moments_in(text, zone)
    if not moments:
        return None
    if len(moments) == 1 and fields.get(NoticeField.END):
        ends = moments_in(fields[NoticeField.END], zone)
        if len(ends) != 1:
            return None
        moments = (*moments, ends[0])
    # A period that ends before it begins is no period, and we cannot know which end is wrong.
    return None if len(moments) > 1 and moments[1].us < moments[0].us else moments


def _transport(text: str) -> str:
    value = text.strip().lower()
    return next((one for one in _TRANSPORTS if value == one), "")


@lru_cache(maxsize=4096)
def _shown(text: str) -> str:
    return plain(text)[:KEPT_TEXT]


def _excerpt(record: NoticeRecord) -> str:
    shown = record.excerpt or ", ".join(record.fields.values())
    return plain(" ".join(shown[: 2 * KEPT_TEXT].split()))[:KEPT_TEXT]
