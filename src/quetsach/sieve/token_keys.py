"""Keys under which the tokens of a text can be asked about later, without the tokens being kept.

A key is 48 bits of BLAKE2b under a secret: who has no secret learns nothing from it, and who
destroys the secret destroys the answers. Among n keys one that was never put in is found by chance
with n / 2**48. Source of the function: RFC 7693 and the Python documentation of `hashlib.blake2b`.
"""

import hashlib
import sys
from array import array
from collections.abc import Iterable

from quetsach.hostnames import name_from_log
from quetsach.sieve.address_sets import unpacked
from quetsach.sieve.contract import OutsideTokens
from quetsach.sieve.outside_tokens import suffixes, unpacked6

SECRET_BYTES = 32
_KEY_BYTES = 6
_MOST_PARTS = 256
_KEPT_LENGTHS = {32: (24, 32), 128: (48, 64, 128)}
"""The lengths of the networks of each address that have a key, the address itself among them."""


def token_keys(tokens: OutsideTokens, secret: bytes) -> "array[int]":
    """Return the keys of `tokens` under `secret` (up to 64 bytes), rising, each once.

    A name has a key for itself and each name above it, so that whatever list asks finds it; an
    address for itself and its /24, or its /64 and /48.
    """
    texts: set[bytes] = set()
    for name in tokens.names.split(b"\n")[:-1]:
        canonical = name if name.isascii() else _canonical(name)
        texts.update(_of_name(suffix) for suffix in suffixes(canonical))
    for bits, addresses in ((32, unpacked(tokens.addresses)), (128, unpacked6(tokens.addresses6))):
        for length in _KEPT_LENGTHS[bits]:
            shift = bits - length
            texts.update(
                _of_network(first, length, bits)
                for first in {address >> shift << shift for address in addresses}
            )
    texts.update(_of_hash(text) for text in tokens.hashes.split(b"\n")[:-1])
    return _keys(texts, secret)


def keys_of_name(name: bytes, secret: bytes) -> "array[int]":
    """Return the key of a canonical name, under which each name of a text that it ends is found."""
    return _keys([_of_name(name)], secret)


def keys_of_hash(text: bytes, secret: bytes) -> "array[int]":
    """Return the key of a hash in lower-case hex digits."""
    return _keys([_of_hash(text)], secret)


def keys_of_network(first: int, length: int, bits: int, secret: bytes) -> "array[int] | None":
    """Return the keys that stand for a network, an address being one of its full length.

    None where it cannot be told: it is wider than 256 of the networks that have a key, or than
    256 addresses. Units: `bits` are 32 or 128.
    """
    texts = texts_of_network(first, length, bits)
    return None if texts is None else _keys(texts, secret)


def texts_of_name(name: bytes) -> list[bytes]:
    """Return what is hashed for a name, for who asks under many secrets; see `hashed`."""
    return [_of_name(name)]


def texts_of_network(first: int, length: int, bits: int) -> list[bytes] | None:
    """Return what is hashed for a network; None where it is too wide, as for its keys."""
    kept = min(one for one in _KEPT_LENGTHS[bits] if one >= length)
    count = 1 << (kept - length)
    if count > _MOST_PARTS:
        return None
    begin = first >> (bits - length) << (bits - length)
    parts = range(begin, begin + (count << (bits - kept)), 1 << (bits - kept))
    return [_of_network(part, kept, bits) for part in parts]


def hashed(texts: Iterable[bytes], secret: bytes) -> bytes:
    """Return the key of each text under `secret`, 8 bytes each, the greatest first, in order."""
    # What begins each hash, the secret, is digested once.
    begun = hashlib.blake2b(digest_size=_KEY_BYTES, key=secret)

    def digest(text: bytes) -> bytes:
        hash_of_text = begun.copy()
        hash_of_text.update(text)
        return hash_of_text.digest()

    return b"".join(b"\0\0" + digest(text) for text in texts)


def _keys(texts: Iterable[bytes], secret: bytes) -> "array[int]":
    keys = array("Q", hashed(set(texts), secret))
    if sys.byteorder == "little":
        keys.byteswap()
    return array("Q", sorted(set(keys)))


def _of_name(name: bytes) -> bytes:
    return b"name " + name


def _of_hash(text: bytes) -> bytes:
    return b"hash " + text


def _of_network(first: int, length: int, bits: int) -> bytes:
    return b"%d/%d " % (bits, length) + first.to_bytes(bits // 8)


def _canonical(name: bytes) -> bytes:
    return name_from_log(name.decode("utf-8", "replace")).encode("utf-8", "replace")
