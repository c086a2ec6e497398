"""Mail as files (EML, MHT): subject, sender, text, and each attachment as a document."""

import binascii
import contextlib
import re
from collections.abc import Sequence
from email import policy
from email.errors import CloseBoundaryNotFoundDefect, HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import collapse_rfc2231_value, parseaddr
from typing import Any

from quetsach.decoding import decode
from quetsach.readers.attachments import SMALL_PICTURE_BYTES, AttachedDocuments, PartReader
from quetsach.readers.contract import BlockPlace, DocumentBlock, ReadDocument, ReadLimits
from quetsach.readers.gather import BlockCollector
from quetsach.readers.web import in_charset, take_html
from quetsach.texts import _

_HEADERS = re.compile(
    rb"^(?:From|To|Cc|Subject|Date|MIME-Version|Received|Message-ID|Return-Path|Reply-To"
    rb"|Content-Type|Content-Transfer-Encoding|Delivered-To|DKIM-Signature|X-[\w-]{1,60}):",
    re.IGNORECASE | re.MULTILINE,
)
_FIRST_LINE = re.compile(rb"(?:From |[!-9;-~]{1,76}:[ \t\r\n])")
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_HEAD = 8192
_FEW_HEADERS, _ENOUGH_HEADERS = 2, 3


class MailReader:
    """Reads a mail; of two versions of the same text only what the other does not say is added.

    Other headers than From and Subject are left out: they name mail servers, not indicators.
    """

    name = "eml"
    title = "E-mail (EML, MHT)"

    def __init__(self, read_part: PartReader) -> None:
        self._read_part = read_part

    def knows(self, raw: bytes, name: str) -> bool:
        """Return whether `raw` begins with the headers of a mail."""
        head = raw[:_HEAD].lstrip().removeprefix(b"\xef\xbb\xbf")
        top = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
        headers = {header.lower() for header in _HEADERS.findall(top)}
        is_named_mail = name.lower().endswith((".eml", ".mht", ".mhtml"))
        enough = _FEW_HEADERS if is_named_mail else _ENOUGH_HEADERS
        return _FIRST_LINE.match(head) is not None and len(headers) >= enough

    def read(self, raw: bytes, name: str, limits: ReadLimits) -> ReadDocument:
        """Return the mail; `BlockPlace.part` names its attachments.

        Errors: E411 when it has no headers that can be read.
        """
        out = BlockCollector(name, self.name, limits)
        # The older policy: the newer one raises on headers that are bent, as hostile ones are.
        message = BytesParser(policy=policy.compat32).parsebytes(raw.lstrip())
        healed(message)
        out.sender = parseaddr(unfolded(message.get("From", "")))[1]
        with out.bounded():
            subject = unfolded(message.get("Subject", ""))
            out.paragraph(subject, BlockPlace(line=1))
            _Reading(out, AttachedDocuments(out, self._read_part)).walk(message)
        return out.paper(raw)


class _Reading:
    def __init__(self, out: BlockCollector, parts: AttachedDocuments) -> None:
        self._out = out
        self._parts = parts
        self._line = 1

    def walk(self, message: "Message[str, str]") -> None:
        """Take what a message, or a part of one, holds."""
        self._out.check_now()
        healed(message)
        if any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in message.defects):
            self._out.problem("E411", reason=_("the mail breaks off"))
        kind = message.get_content_type()
        # Of a part that is no list of others, get_payload() would decode by any charset it names.
        inner: Any = message.get_payload() if message.is_multipart() else None
        if kind == "message/rfc822" and isinstance(inner, list) and inner:
            self._parts.read(_bytes(inner[0]), file_name(message) or "message.eml")
        elif not isinstance(inner, list):
            self._leaf(message, kind)
        elif kind == "multipart/alternative":
            self._alternative(inner)
        else:
            for part in inner:
                self.walk(part)

    def _alternative(self, versions: list["Message[str, str]"]) -> None:
        rich = [part for part in versions if part.get_content_type() != "text/plain"]
        before = len(self._out.blocks)
        for part in rich:
            self.walk(part)
        words = words_of(self._out.blocks[before:]) if rich else None
        for part in versions:
            if part.get_content_type() == "text/plain":
                self._plain(part, words)

    def _leaf(self, message: "Message[str, str]", kind: str) -> None:
        named = bool(message.get_filename())
        attached = named or (message.get("Content-Disposition") or "").lower().startswith("attach")
        if kind == "text/plain" and not attached:
            self._plain(message, None)
        elif kind == "text/html" and not attached:
            take_html(_text(message), self._out)
        else:
            raw = _content(message)
            if raw and not (kind.startswith("image/") and len(raw) < SMALL_PICTURE_BYTES):
                self._parts.read(raw, file_name(message) or kind.replace("/", "."))

    def _plain(self, message: "Message[str, str]", words: set[str] | None) -> None:
        """Take the lines of a plain text, without those that hold nothing beside `words`."""
        for line in _text(message).split("\n"):
            self._line += 1
            if words is None or not words.issuperset(line.split()):
                self._out.paragraph(line.rstrip("\r"), BlockPlace(line=self._line))


def words_of(blocks: Sequence[DocumentBlock]) -> set[str]:
    """Return the words and link targets of `blocks`."""
    words = {word for block in blocks for word in block.text.split()}
    return words | {link for block in blocks for link in block.links}


def healed(message: "Message[str, str]") -> None:
    """Put the letters into headers that were written in plain bytes, as no standard allows."""
    for name, value in list(message.raw_items()):
        raw = str(value).encode("utf-8", "surrogateescape")
        if not str(value).isascii() and name in message:
            message.replace_header(name, decode(raw) or "")


def file_name(message: "Message[str, str]") -> str:
    """Return the name of an attachment, however it is coded; "" if it has none."""
    written: Any = message.get_param("filename", None, "content-disposition")
    if written is None:
        written = message.get_param("name", None)
    try:
        name = "" if written is None else collapse_rfc2231_value(written)
    except (LookupError, ValueError, TypeError):
        name = str(written)
    return re.split(r"[\\/]", unfolded(name))[-1].strip()


def unfolded(header: Any) -> str:
    """Return a header in one line, its encoded words decoded."""
    written = str(header)
    try:
        pieces = decode_header(written)
    except (HeaderParseError, binascii.Error, ValueError):
        pieces = [(written, None)]
    text = ""
    for piece, charset in pieces:
        if isinstance(piece, str):
            text += piece
        else:
            inside = in_charset(piece, charset or "utf-8")
            text += piece.decode("latin-1") if inside is None else inside
    return " ".join(text.split())


def _bytes(message: "Message[str, str]") -> bytes:
    try:
        return message.as_bytes()
    except (MessageError, LookupError, ValueError, TypeError, AttributeError):
        return b""


def _content(message: "Message[str, str]") -> bytes:
    try:
        written: Any = message.get_payload()
    except (LookupError, ValueError):
        # A charset with a null character, say; without it the bytes are as they came.
        message.del_param("charset")
        written = message.get_payload()
    coding = str(message.get("Content-Transfer-Encoding", "")).strip().lower()
    if coding == "base64" and isinstance(written, str):
        # The library gives broken Base64 back as it is; the part before the break is read here.
        letters = _NO_BASE64.sub(b"", written.encode("ascii", "ignore"))
        with contextlib.suppress(binascii.Error):
            return binascii.a2b_base64(letters[: len(letters) // 4 * 4])
    try:
        decoded: Any = message.get_payload(decode=True)
    except (LookupError, ValueError):
        return b""
    return decoded if isinstance(decoded, bytes) else b""


def _text(message: "Message[str, str]") -> str:
    raw = _content(message)
    charset = message.get_content_charset() or ""
    text = in_charset(raw, charset) if charset else None
    if text is None:
        text = decode(raw)
    return "" if text is None else text.replace("\r\n", "\n")
