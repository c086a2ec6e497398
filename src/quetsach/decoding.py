"""From the bytes of a list to its text, whatever office program wrote it."""

import unicodedata

_BINARY_STARTS = (b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x28\xb5\x2f\xfd")
_HEAD = 4096


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
