"""Answers of one length: who watches the line reads nothing, but sees how long they are."""

import gzip
import struct
import zlib
from dataclasses import replace

from quetsach_public.sending import Reply, own_reply

STEP = 4_096
"""Bytes of a packed answer, or a multiple; twice as many of a plain one."""

_BEGINS, _ENDS = b"<!--", b"-->"
_STORED = 5
_TRAILER = 8
_FILLED = len(_BEGINS + _ENDS) + _STORED


def padded_reply(plain: bytes, status: str = "200 OK") -> Reply:
    """Return a page made for who asks, plain and packed each filled with a comment at its end."""
    body = plain + _comment(-len(plain) % (2 * STEP))
    return replace(own_reply(body, status, _packed(plain)), is_padded=True)


def _comment(length: int) -> bytes:
    room = length - len(_BEGINS + _ENDS)
    return _BEGINS + b"." * room + _ENDS if room >= 0 else b" " * length


def _packed(plain: bytes) -> bytes:
    """Return `plain` packed, and behind it a comment stored as it is: so its length is known."""
    packing = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    # After a flush a stream ends with a whole byte: a last block can be put behind it by hand.
    head = gzip.compress(b"", mtime=0)[:10]
    text = head + packing.compress(plain) + packing.flush(zlib.Z_SYNC_FLUSH)
    comment = _comment(len(_BEGINS + _ENDS) + -(len(text) + _FILLED + _TRAILER) % STEP)
    whole = plain + comment
    block = struct.pack("<BHH", 1, len(comment), len(comment) ^ 0xFFFF) + comment
    return text + block + struct.pack("<II", zlib.crc32(whole), len(whole))
