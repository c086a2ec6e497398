"""From the bytes of a list to its text, whatever office program wrote it."""

import codecs
import unicodedata

_BINARY_STARTS = (b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x28\xb5\x2f\xfd")
_HEAD = 4096
_PIECE = 1024 * 1024


def decode(raw: bytes) -> str | None:
    """Return the text of `raw` with `\\n` between its lines, or None for data that are no text.

    UTF-8 and UTF-16 with or without a mark at the start; else Windows-1258, the Vietnamese
    code page, whose loose tone marks are joined to their letters.
    """
    encoding = _wide_encoding(raw)
    if encoding is None:
        if raw.startswith(_BINARY_STARTS) or b"\0" in raw[:_HEAD]:
            return None
        text = _narrow(raw)
    else:
        text = raw.decode(encoding, "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.removeprefix("\ufeff")


def decode_utf8(raw: bytes) -> bytes | None:
    """Return what `decode` returns as UTF-8.

    Cost: no copy of UTF-8 whose lines end with `\\n`; one that ends them otherwise is copied once.
    """
    is_narrow = _wide_encoding(raw) is None
    if is_narrow and (raw.startswith(_BINARY_STARTS) or b"\0" in raw[:_HEAD]):
        return None
    if not is_narrow or not is_utf8(raw):
        text = decode(raw)
        return None if text is None else text.encode()
    # `decode` takes one mark off as part of the encoding, and one more that stands behind it.
    plain = raw.removeprefix(codecs.BOM_UTF8).removeprefix(codecs.BOM_UTF8)
    if b"\r" in plain:
        plain = plain.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return plain


def is_utf8(raw: bytes) -> bool:
    """Return whether `raw` is UTF-8 from its first byte to its last."""
    if raw.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(raw)
    try:
        # The whole as text may need four times the memory.
        for start in range(0, len(raw), _PIECE):
            decoder.decode(view[start : start + _PIECE], final=start + _PIECE >= len(raw))
    except UnicodeDecodeError:
        return False
    return True


def _narrow(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return unicodedata.normalize("NFC", raw.decode("cp1258", "replace"))


def _wide_encoding(raw: bytes) -> str | None:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = raw[:_HEAD]
    # Latin letters in UTF-16 have a zero in every other byte; a binary file has them anywhere.
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = head[start::2], head[1 - start :: 2]
        if len(zeros) > 1 and zeros.count(0) > 0.6 * len(zeros) and not others.count(0):
            return encoding
    return None
