"""Damage evidence without end: `python -m bench.fuzz [FOLDER] [--only KIND] [--seconds N]`.

Every reader gets damaged copies: of packet captures, of the other packed evidence, of 7z archives
and of the samples of all forms of logs; or of the files of FOLDER, each by the reader that takes
it. A reader that raises, takes too long, or writes what is no JSON object ends it, with the seed
that shows it again.
"""

import argparse
import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import msgspec

from quetsach.captures.contract import CaptureDamaged, LineSink, TooMuchWritten
from quetsach.captures.registry import decoder_of
from quetsach.captures.sqlite_logs import SqliteLogs
from quetsach.containers.refusal import ContainerRefused
from quetsach.evidence.line_ends import line_ends_of, rewritten
from quetsach.formats.contract import HEAD_BYTES
from quetsach.formats.line_forms import second_look
from quetsach.formats.registry import all_formats, recognise
from quetsach.sieve.kernel import RustSieve
from quetsach.sieve.twin import PythonSieve
from tests.captures import (
    test_dnstap,
    test_evtx,
    test_netflow,
    test_nfcapd,
    test_pcap,
    test_pcap_socks,
    test_sqlite_logs,
    test_tables,
)
from tests.captures.files import events_of, source_of
from tests.containers import test_seven_zip
from tests.formats.golden import TAKEN_US, ZONE, layout_of, lines_of, samples
from tests.scanning.test_plain_reader import assert_read_alike
from tests.sieve import lines
from tests.sieve.test_kernel import assert_agreed

Read: TypeAlias = Callable[[bytes], object]

SLOWEST_S = 5.0


def main() -> None:
    """Read damaged copies until the time is over."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--only", help="one kind: " + ", ".join(made()))
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.folder is None:
        targets = made()
        targets = {options.only: targets[options.only]} if options.only else targets
    else:
        paths = (path for path in sorted(options.folder.rglob("*")) if path.is_file())
        targets = {"folder": (read_any, [path.read_bytes() for path in paths])}
    until, seed = time.monotonic() + options.seconds, options.seed
    while time.monotonic() < until:
        chance = random.Random(seed)
        read, whole = targets[chance.choice(list(targets))]
        started = time.process_time()
        try:
            read(damaged(chance.choice(whole), chance))
        except BaseException:
            print(f"--seed {seed}")
            raise
        if time.process_time() - started > SLOWEST_S:
            raise SystemExit(f"too slow: --seed {seed}")
        seed += 1
    print(f"{seed - options.seed} damaged copies were read, of {len(targets)} kinds")


def made() -> Mapping[str, tuple[Read, Sequence[bytes]]]:
    """Return by kind a reader, and the files that the tests make for it."""
    return {
        "pcap": (
            read_any,
            [
                *(*test_pcap.CONTAINERS.values(), test_pcap.EVERYTHING, test_pcap.EVERYTHING_NEXT),
                test_pcap_socks.WHOLE,
            ],
        ),
        "netflow": (read_any, [test_netflow.WHOLE]),
        "nfcapd": (read_any, [test_nfcapd.OLD, test_nfcapd.NEW, test_nfcapd.FIRST]),
        "evtx": (read_any, [test_evtx.WHOLE]),
        "dnstap": (read_any, [test_dnstap.WHOLE]),
        "sqlite": (read_any, [test_sqlite_logs.WHOLE]),
        "tables": (read_any, list(test_tables.FILES.values())),
        "7z": (read_archive, [test_seven_zip.WHOLE]),
        "ahead": (read_ahead, [test_sqlite_logs.pages_ahead()[1]]),
        "splits": (split_both, ["\r\n".join(lines.WIRE_TOKENS).encode() * 9]),
        "names": (sieve_both, ["\n".join(lines.WIRE_TOKENS).encode()]),
        "logs": (read_log, [log.read_bytes() for form in all_formats() for log in samples(form)]),
    }


def split_both(content: bytes) -> None:
    """Read `content` as a log, cut by chance, by the kernel's reader and the plain one."""
    sieves = PythonSieve(lines.KEYS), RustSieve(lines.KEYS)
    with TemporaryDirectory() as folder:
        assert_read_alike(random.Random(content), content, Path(folder) / "a.log", sieves)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return `content` with bytes changed, cut out, repeated or in another order."""
    changed = bytearray(content or b"\0")
    for _ in range(chance.choice((1, 5, 50, 500))):
        place = chance.randrange(len(changed))
        end = place + chance.randrange(1, 80)
        match chance.randrange(5):
            case 0:
                del changed[place:end]
                changed = changed or bytearray(1)
            case 1:
                changed[place:place] = changed[place:end]
            case 2:
                changed[place : place + 1] = bytes([chance.choice((0, 1, 0x7F, 0x80, 0xFF))])
            case _:
                changed[place] ^= 1 << chance.randrange(8)
    return bytes(changed)


def read_any(content: bytes) -> None:
    """Read `content` by the decoder that takes it, else as a log; each line must be an object."""
    decoder = decoder_of(content[:HEAD_BYTES], "evidence")
    if decoder is None:
        read_log(content)
        return
    out = BytesIO()
    with source_of(content) as source, suppress(CaptureDamaged, TooMuchWritten):
        decoder.decode(source, LineSink(out, 64 << 20))
    # A list of texts in a JSON document is a log: its lines are texts.
    for line in out.getvalue().splitlines() if decoder.kind != "json" else ():
        msgspec.json.decode(line, type=dict[str, object])


def read_ahead(content: bytes) -> None:
    """Read pages written ahead, with the sound file of SQLite that they belong to."""
    file, _pages = test_sqlite_logs.pages_ahead()
    events_of(SqliteLogs(), file, content, name="p", names=("p-wal",))


def sieve_both(content: bytes) -> None:
    """Look through `content` with both sieves, which must agree."""
    assert_agreed(content, None, None)


def read_archive(content: bytes) -> None:
    """Read the members of a 7z archive; it may be refused."""
    with suppress(ContainerRefused):
        test_seven_zip.read(content)


def read_log(content: bytes) -> None:
    """Read `content` as a sweep does: by the form of its head, then each line by its own."""
    content = rewritten(content, line_ends_of(content[:HEAD_BYTES]))
    form = recognise(content[:HEAD_BYTES])
    lines = lines_of(content)
    layout = layout_of(form, content)
    rows = form.parse(lines, layout, ZONE)
    if layout.record is None:
        second_look(rows, lines, ZONE, TAKEN_US)


if __name__ == "__main__":
    main()
