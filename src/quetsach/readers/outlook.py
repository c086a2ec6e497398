"""Outlook's mails (MSG): subject, sender, text, and each attachment as a document."""

import struct
from email.utils import parseaddr
from io import BytesIO
from typing import Any

from quetsach.containers.ole import root_names
from quetsach.containers.signatures import is_compound
from quetsach.decoding import decode
from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.attachments import SMALL_PICTURE_BYTES, AttachedDocuments, PartReader
from quetsach.readers.contract import BlockPlace, ReadDocument, ReadLimits
from quetsach.readers.gather import BlockCollector
from quetsach.readers.mail import unfolded, words_of
from quetsach.readers.web import take_html
from quetsach.texts import _

_PROPERTIES = "__properties_version1.0"
_EMBEDDED = "__substg1.0_3701000D"
_ROOT_HEADER, _EMBEDDED_HEADER = 32, 24
"""Bytes before the first property ([MS-OXMSG] 2.4.1): at the root, and in an attached mail."""

_SUBJECT, _BODY, _HTML, _RTF, _HEADERS = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D
_SENDERS = (0x5D01, 0x0C1F, 0x5D02, 0x0065)
_DAMAGE = (
    *(OSError, KeyError, IndexError, ValueError, TypeError, AttributeError, AssertionError),
    *(LookupError, struct.error),
)


class OutlookReader:
    """Reads an Outlook mail, with mails attached to it."""

    name = "msg"
    title = "Outlook mail (MSG)"

    def __init__(self, read_part: PartReader) -> None:
        self._read_part = read_part

    def knows(self, raw: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `raw` is an Outlook mail."""
        return is_compound(raw) and _PROPERTIES in root_names(BytesIO(raw))

    def read(self, raw: bytes, name: str, limits: ReadLimits) -> ReadDocument:
        """Return the mail; `BlockPlace.part` names its attachments.

        Errors: E411 when it is damaged.
        """
        from olefile import OleFileIO
        from oxmsg.storage import Storage

        out = BlockCollector(name, self.name, limits)
        try:
            with OleFileIO(raw) as ole:
                root = Storage.from_ole(ole)
        except _DAMAGE as err:
            raise QuetsachError("E411", name, reason=str(err)) from err
        with out.bounded():
            _Reading(out, AttachedDocuments(out, self._read_part)).take(root, _ROOT_HEADER)
        return out.paper(raw)


class _Reading:
    def __init__(self, out: BlockCollector, parts: AttachedDocuments) -> None:
        self._out = out
        self._parts = parts

    def take(self, storage: Any, header: int) -> None:
        """Take a mail; its attached mails count as its parts."""
        from oxmsg.properties import Properties

        out = self._out
        try:
            properties = Properties(storage, header)
            sender, subject, body, html = _fields(properties)
        except _DAMAGE as err:
            raise QuetsachError("E411", out.name, reason=str(err)) from err
        out.sender = sender
        out.paragraph(subject, BlockPlace(line=1))
        if html:
            take_html(html, out)
        words = words_of(out.blocks)
        for number, line in enumerate(body.replace("\r\n", "\n").split("\n"), 2):
            if not html or not words.issuperset(line.split()):
                out.paragraph(line, BlockPlace(line=number))
        if not html and not body.strip() and any(prop.pid == _RTF for prop in properties):
            out.problem("E416", _("the text of the mail"), kind="RTF")
        for attached in storage.iter_attachment_storages():
            self._attachment(attached)

    def _attachment(self, storage: Any) -> None:
        from oxmsg.attachment import Attachment

        out = self._out
        inner = next((child for child in storage.storages if child.name == _EMBEDDED), None)
        try:
            attachment = Attachment(storage)
            name = attachment.file_name or attachment.properties.str_prop_value(0x3704)
            name = name or attachment.properties.str_prop_value(0x3001) or "attachment"
            raw = None if inner is not None else attachment.file_bytes
            kind = attachment.mime_type or ""
        except _DAMAGE as err:
            out.problem("E411", storage.name, reason=str(err))
            return
        name = name.replace("\\", "/").rpartition("/")[2]
        if inner is not None:
            self._attached_mail(inner, name)
        elif raw is None:
            out.problem("E411", name, reason=_("an attachment without its bytes"))
        elif not (kind.startswith("image/") and len(raw) < SMALL_PICTURE_BYTES):
            self._parts.read(raw, name)

    def _attached_mail(self, storage: Any, name: str) -> None:
        out = self._out
        if out.limits.depth <= 0:
            out.problem("E413", name, limit=_("parts within parts"))
            return
        inside = BlockCollector(f"{out.name}/{name}", "msg", out.left())
        try:
            with inside.bounded():
                parts = AttachedDocuments(inside, self._parts.read_part)
                _Reading(inside, parts).take(storage, _EMBEDDED_HEADER)
        except QuetsachError as error:
            out.problems.append(error.problem)
            return
        out.take(inside.paper(b""), name)


def _fields(properties: Any) -> tuple[str, str, str, str]:
    """Return sender, subject, plain text and HTML."""
    html: Any = properties.binary_prop_value(_HTML)
    if html is not None:
        html = _decoded(html, properties.body_encoding)
    else:
        html = properties.str_prop_value(_HTML) or ""
    sender = _sender(properties)
    subject = properties.str_prop_value(_SUBJECT) or ""
    return sender, subject, properties.str_prop_value(_BODY) or "", html


def _sender(properties: Any) -> str:
    headers = properties.str_prop_value(_HEADERS) or ""
    for line in headers.split("\n"):
        if line.lower().startswith("from:"):
            address = parseaddr(unfolded(line[5:].strip()))[1]
            if "@" in address:
                return address
    for number in _SENDERS:
        value = properties.str_prop_value(number) or ""
        # An address within Exchange is a path ("/O=..."), not a mail address.
        if "@" in value:
            return str(value)
    return ""


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return decode(raw) or ""
