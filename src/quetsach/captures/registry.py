"""The list of decoders, in the order in which a file's head is shown to them."""

import re
from contextlib import suppress
from functools import cache
from pathlib import Path

from quetsach.captures.contract import Decoder
from quetsach.containers.refusal import ContainerRefused
from quetsach.containers.streams import Codec, codec_of, start_of, unpacked

_MAGIC_BYTES = 8
_FIRST_BYTES = 512

HEAD_BYTES = 64 * 1024
"""How much of a file's (unpacked) start a decoder is shown, in bytes."""


@cache
def capture_readers() -> tuple[Decoder, ...]:
    """Return every decoder, in the order in which they are tried; most sweeps need none."""
    from quetsach.captures.dnstap import Dnstap
    from quetsach.captures.evtx import EvtxFiles
    from quetsach.captures.netflow import NetFlow
    from quetsach.captures.nfcapd import Nfcapd
    from quetsach.captures.pcap import Pcap
    from quetsach.captures.sqlite_logs import SqliteLogs
    from quetsach.captures.tables import ArrowTables, Workbooks

    return (
        Pcap(),
        NetFlow(),
        Nfcapd(),
        EvtxFiles(),
        Dnstap(),
        SqliteLogs(),
        ArrowTables(),
        Workbooks(),
        _json_documents(),
    )


@cache
def _json_documents() -> Decoder:
    from quetsach.captures.json_documents import JsonDocuments

    return JsonDocuments()


_TEXT = re.compile(rb"(?:\xef\xbb\xbf)?[\t\r\n -~]{16}")
_PRINTED_MAGIC = (b"Elf", b"SQLite", b"PAR", b"ARROW", b"PK", b"\n\r\r\n")
"""What a packed or binary file may begin with that is text: all others hold other bytes."""

IN_OUR_WORDS = frozenset({"pcap", "netflow", "nfcapd", "dnstap", "sqlite"})
"""The kinds of decoders that write events of ours; the others pass a stranger's documents on."""


def head_of(location: Path) -> bytes:
    """Return the first unpacked bytes of a file, as far as they are good.

    Errors: OSError.
    """
    with location.open("rb") as file:
        codec = codec_of(file.read(_MAGIC_BYTES))
        file.seek(0)
        head = b""
        with suppress(ContainerRefused):
            for piece in unpacked(file, codec):
                head += piece
                if len(head) >= HEAD_BYTES:
                    break
    return head[:HEAD_BYTES]


def decoder_for(location: Path, name: str) -> Decoder | None:
    """Return the first decoder that knows the file at `location`, called `name`, or None.

    Errors: OSError. Cost: of a text, as most evidence is, no more is read than shows it.
    """
    start = start_of(location, _FIRST_BYTES)
    if codec_of(start) is Codec.PLAIN and _is_plain_text(start):
        return None
    return decoder_of(head_of(location), name)


def decoder_of(head: bytes, name: str) -> Decoder | None:
    """Return the first decoder that knows a file called `name` beginning with `head`, or None."""
    if _is_plain_text(head):
        return None
    if _is_text(head):
        return _json_documents() if _json_documents().recognise(head, name) else None
    return next((decoder for decoder in capture_readers() if decoder.recognise(head, name)), None)


def _is_text(head: bytes) -> bool:
    return _TEXT.match(head) is not None and not head.startswith(_PRINTED_MAGIC)


def _is_plain_text(head: bytes) -> bool:
    """Return whether `head` begins a text that is surely no document: it has more than blanks."""
    begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return _is_text(head) and begins not in (b"", b"{", b"[")


def decoder_named(kind: str) -> Decoder:
    """Return the decoder of this kind.

    Errors: KeyError where there is none.
    """
    return {decoder.kind: decoder for decoder in capture_readers()}[kind]
