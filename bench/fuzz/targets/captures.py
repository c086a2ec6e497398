"""Packed and binary evidence: each decoder as it runs in the sandbox, and what they read by."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import msgspec

from bench.fuzz.mutation import Mutate, mutated_any, mutated_bytes, mutated_json
from bench.fuzz.packed_mutation import mutated_zip
from bench.fuzz.samples import texts_in
from bench.fuzz.target import BrokenPromiseError, FuzzTarget
from quetsach.captures import (
    dns_message,
    dnstap,
    evtx,
    flow_packets,
    flow_records,
    flows,
    json_documents,
    netflow,
    nfcapd,
    nfcapd_blocks,
    pcap,
    sqlite_logs,
    tables,
)
from quetsach.captures.contract import (
    CaptureDamaged,
    CaptureSource,
    Decoder,
    LineSink,
    TooMuchWritten,
)
from quetsach.captures.registry import HEAD_BYTES, capture_readers
from tests.captures import (
    test_dnstap,
    test_evtx,
    test_netflow,
    test_nfcapd,
    test_nfcapd_blocks,
    test_pcap,
    test_pcap_socks,
    test_sqlite_logs,
    test_tables,
)
from tests.captures.dns_building import message
from tests.captures.files import events_of

_MOST_WRITTEN = 64 << 20

_KINDS: dict[str, tuple[tuple[ModuleType, ...], Sequence[bytes], Mutate]] = {
    "pcap": (
        (pcap,),
        [
            *(*test_pcap.CONTAINERS.values(), test_pcap.EVERYTHING, test_pcap.EVERYTHING_NEXT),
            test_pcap_socks.WHOLE,
        ],
        mutated_bytes,
    ),
    "netflow": ((netflow, flow_packets, flow_records, flows), [test_netflow.WHOLE], mutated_bytes),
    "nfcapd": (
        (nfcapd, nfcapd_blocks),
        [test_nfcapd.OLD, test_nfcapd.NEW, test_nfcapd.FIRST],
        mutated_bytes,
    ),
    "evtx": ((evtx,), [test_evtx.WHOLE], mutated_bytes),
    "dnstap": ((dnstap, dns_message), [test_dnstap.WHOLE], mutated_bytes),
    "sqlite": (
        (sqlite_logs,),
        [
            test_sqlite_logs.made(tables_of)
            for tables_of in (
                *(test_sqlite_logs.PIHOLE, test_sqlite_logs.OLD_PIHOLE, test_sqlite_logs.FIREFOX),
                *(test_sqlite_logs.CHROME, test_sqlite_logs.SAFARI),
            )
        ],
        mutated_bytes,
    ),
    "parquet": ((tables,), [*test_tables.FILES.values()], mutated_bytes),
    "workbook": ((tables,), [test_tables.workbook(test_tables.SHEET)], mutated_zip),
    "json": ((json_documents,), texts_in("captures/test_json_documents.py"), mutated_json),
}


def capture_targets() -> list[FuzzTarget]:
    """Return a target for each decoder of evidence, and for what they read from others."""
    return [
        *map(_of_decoder, capture_readers()),
        FuzzTarget(
            "capture.sqlite-ahead",
            _read_ahead,
            lambda: [test_sqlite_logs.pages_ahead()[1]],
            (sqlite_logs,),
            mutated_bytes,
        ),
        FuzzTarget(
            "capture.dns-message",
            dns_message.read_message,
            lambda: [message("bad.example"), test_dnstap.ANSWER],
            (dns_message,),
            mutated_bytes,
        ),
        FuzzTarget(
            "capture.lz4",
            partial(nfcapd_blocks.unpacked_block, packing=nfcapd_blocks.BlockPacking.LZ4),
            lambda: [
                test_nfcapd_blocks.LZO,
                b"\x1fa\x01\x00\x0bbcdefg",
                *texts_in("captures/test_nfcapd_blocks.py"),
            ],
            (nfcapd_blocks,),
            mutated_bytes,
            (ValueError, OSError),
        ),
        FuzzTarget(
            "capture.zstd-block",
            partial(nfcapd_blocks.unpacked_block, packing=nfcapd_blocks.BlockPacking.ZSTD),
            lambda: [bytes.fromhex("28b52ffd200021000061")],
            (nfcapd_blocks,),
            mutated_bytes,
            (ValueError, OSError),
        ),
        FuzzTarget(
            "capture.lzo",
            partial(nfcapd_blocks.unpacked_block, packing=nfcapd_blocks.BlockPacking.LZO),
            lambda: [test_nfcapd_blocks.LZO, test_nfcapd_blocks.LZO_RUNS],
            (nfcapd_blocks,),
            mutated_bytes,
            (ValueError, OSError),
        ),
    ]


def _of_decoder(decoder: Decoder) -> FuzzTarget:
    modules, samples, mutate = _KINDS.get(decoder.kind, ((), (), mutated_any))
    is_json = decoder.kind == "json"
    ours = [
        content for content in samples if is_json or decoder.recognise(content[:HEAD_BYTES], "a")
    ]
    return FuzzTarget(
        f"capture.{decoder.kind}", partial(decode, decoder), lambda: ours, modules, mutate
    )


def decode(decoder: Decoder, content: bytes) -> None:
    """Decode `content`; what is written must be lines of JSON, as many as were counted."""
    if not decoder.recognise(content[:HEAD_BYTES], "evidence"):
        return
    out = BytesIO()
    sink = LineSink(out, _MOST_WRITTEN)
    # In memory where the system has such a folder: the disk is no part of this.
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        path = Path(folder) / "evidence"
        path.write_bytes(content)
        source = CaptureSource(path, "evidence", scratch=Path(folder) / "scratch")
        with suppress(CaptureDamaged, TooMuchWritten):
            decoder.decode(source, sink)
    lines = out.getvalue().split(b"\n")
    if lines.pop() or len(lines) != sink.lines:
        raise BrokenPromiseError("as many lines were not written as counted")
    # A list of texts in a JSON document is a log: its lines are texts.
    for line in lines if decoder.kind != "json" else ():
        msgspec.json.decode(line, type=dict[str, object])


def _read_ahead(content: bytes) -> None:
    """Read pages written ahead, with the sound file of SQLite that they belong to."""
    file, _pages = test_sqlite_logs.pages_ahead()
    events_of(sqlite_logs.SqliteLogs(), file, content, name="p", names=("p-wal",))
