"""A digest on paper and by telephone: words, digits, and the text of the QR code."""

import base64
import binascii
import re
from dataclasses import dataclass
from functools import cache

from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.signature import Signature, SignedKind, is_moment
from quetsach.texts import _, plain

WORDS = 24
"""A SHA-256 and its 8 bits of checksum (BIP-39)."""

MOST_CHARACTERS = 4096

_QR = re.compile(
    r"quetsach:1:(release|findings|file):([0-9a-f]{64}):([0-9a-f]{16}):([A-Za-z0-9_-]{86}):(.{1,40})\Z",
    re.ASCII,
)
_HEX = re.compile(r"[0-9a-f]+\Z", re.ASCII)
# The sheet numbers its words; a number that was typed as well is ignored.
_NOT_A_WORD = re.compile(r"[^a-z]+", re.ASCII)


@dataclass(frozen=True)
class PrintedSheet:
    """The content of a sheet: the digest, and with a QR code also signer, time and signature."""

    digest: str
    kind: SignedKind | None = None
    key_id: str = ""
    signed: str = ""
    value: bytes = b""


def words_of(digest: str) -> tuple[str, ...]:
    """Return the 24 words of a digest.

    Source: BIP-39, English list; the first four letters identify a word.
    """
    from mnemonic import Mnemonic

    return tuple(Mnemonic("english").to_mnemonic(_bytes(digest)).split())


def groups_of(digest: str) -> tuple[str, ...]:
    """Return the hex digits of a digest in 16 groups of four."""
    text = _bytes(digest).hex()
    return tuple(text[place : place + 4] for place in range(0, 64, 4))


def spoken_of(digest: str) -> tuple[str, ...]:
    """Return six groups of four decimal digits by which people compare a digest on the telephone.

    They are the digest modulo 10**24: 79.7 bits, too many to make another list that has them by
    trial. Words or a QR code carry the whole digest.
    """
    digits = f"{int.from_bytes(_bytes(digest)) % 10**24:024d}"
    return tuple(digits[place : place + 4] for place in range(0, 24, 4))


def qr_text(kind: SignedKind, signature: Signature) -> str:
    """Return what the QR code holds: all that is needed to verify the signature with its key."""
    value = base64.urlsafe_b64encode(signature.value).decode().rstrip("=")
    digest = _bytes(signature.digest).hex()
    return f"quetsach:1:{kind}:{digest}:{signature.key_id}:{value}:{signature.signed}"


def read_printed(text: str) -> PrintedSheet:
    """Return what was read off a sheet: words (whole or their first four letters), hex or QR text.

    Errors: E236 when it cannot be; the sentence names the word that is wrong, where one can be.
    """
    if len(text) > MOST_CHARACTERS:
        raise _unread(_("it is far too long"))
    close = "".join(text.split())
    if close.startswith("quetsach:"):
        return _read_qr(close)
    small = close.lower().removeprefix("sha256:").replace("-", "")
    if _HEX.match(small):
        if len(small) != 64:
            raise _unread(
                _("%(count)s hex digits, but a digest has %(of)s") % {"count": len(small), "of": 64}
            )
        return PrintedSheet(f"sha256:{small}")
    return _read_words(words_in(text))


def words_in(text: str) -> list[str]:
    """Return the words of `text` in small letters; numbers and signs between them are skipped."""
    return [one for one in _NOT_A_WORD.split(text.lower()) if one]


def unlike_words(text: str, digest: str) -> list[tuple[int, str, str]]:
    """Return (position, read, right) for each word of `text` that is not the one of `digest`."""
    pairs = zip(words_in(text), words_of(digest), strict=False)
    return [
        (place, read, right)
        for place, (read, right) in enumerate(pairs, 1)
        if _whole(read) != right
    ]


def _read_qr(text: str) -> PrintedSheet:
    match = _QR.match(text)
    if match is None or not is_moment(match[5]):
        raise _unread(_("the text of the QR code is truncated or changed"))
    try:
        signature = base64.urlsafe_b64decode(match[4] + "==")
    except binascii.Error as error:
        raise _unread(_("the text of the QR code is truncated or changed")) from error
    if base64.urlsafe_b64encode(signature).decode().rstrip("=") != match[4]:
        raise _unread(_("the text of the QR code is truncated or changed"))
    return PrintedSheet(f"sha256:{match[2]}", SignedKind(match[1]), match[3], match[5], signature)


def _read_words(words: list[str]) -> PrintedSheet:
    from mnemonic import Mnemonic

    for place, word in enumerate(words, 1):
        if _whole(word) is None:
            raise _unread(
                _("word %(place)s (%(word)s) is not in the list of words; did you mean %(near)s?")
                % {"place": place, "word": plain(word[:20]), "near": _near(word)}
            )
    if len(words) != WORDS:
        raise _unread(_("%(count)s words, but a digest has 24") % {"count": len(words)})
    whole = [_whole(word) or "" for word in words]
    try:
        digest = bytes(Mnemonic("english").to_entropy(whole))
    except ValueError as error:
        raise _unread(
            _("the words are all known, but their checksum fails: one is wrong or out of order")
        ) from error
    return PrintedSheet(f"sha256:{digest.hex()}")


@cache
def _by_start() -> dict[str, str]:
    from mnemonic import Mnemonic

    return {word[:4]: word for word in Mnemonic("english").wordlist}


def _whole(word: str) -> str | None:
    """Return the listed word that `word` is, or begins as with all of its first four letters."""
    listed = _by_start().get(word[:4])
    return listed if listed is not None and listed.startswith(word) else None


def _near(word: str) -> str:
    from difflib import get_close_matches

    return ", ".join(get_close_matches(word[:20], _by_start().values(), 3, 0.5)) or "-"


def _bytes(digest: str) -> bytes:
    return bytes.fromhex(digest.removeprefix("sha256:"))


def _unread(reason: str) -> QuetsachError:
    return QuetsachError("E236", "--printed", reason=reason)
