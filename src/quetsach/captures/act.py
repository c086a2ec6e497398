"""The act in the sandbox: files in, JSON lines out, one file after the other."""

from pathlib import Path

import msgspec

from quetsach.atomic_files import set_modified
from quetsach.captures.contract import (
    CaptureDamaged,
    CaptureSource,
    LineSink,
    TooMuchWritten,
    UnreadReason,
)
from quetsach.captures.registry import decoder_named
from quetsach.containers.refusal import DamagedDataError
from quetsach.containers.streams import Codec, codec_of, unpacked
from quetsach.sandbox.contract import ReportProgress

ACT = "quetsach.captures.act:act"

_MAGIC_BYTES = 8


class RenderTask(msgspec.Struct, frozen=True):
    """One file to render.

    Shapes: `target` is the file that gets the lines, in the folder of the process; `beside` and
    `beside_names` as in CaptureSource. Units: `most_bytes` bounds what is unpacked and what is
    written.
    """

    kind: str
    source: str
    name: str
    target: str
    most_bytes: int
    beside: tuple[str, ...] = ()
    beside_names: tuple[str, ...] = ()


class RenderResult(msgspec.Struct, frozen=True):
    """What became of one file: lines written, what was not read by the name of its reason."""

    lines: int = 0
    unread: dict[str, int] = {}
    too_much: bool = False
    broke_at: int | None = None


def act(given: bytes, report: ReportProgress) -> bytes:
    """Render the files named, in order."""
    tasks = msgspec.json.decode(given, type=list[RenderTask])
    results = []
    for done, task in enumerate(tasks):
        report(done, len(tasks))
        results.append(_rendered(task))
    return msgspec.json.encode(results)


def _rendered(task: RenderTask) -> RenderResult:
    decoder = decoder_named(task.kind)
    copy = Path(task.target + ".unpacked")
    too_much, broke_at = False, None
    with Path(task.target).open("wb") as out:
        sink = LineSink(out, task.most_bytes)
        try:
            path, broke_at = _plain(Path(task.source), copy, task.most_bytes)
            beside = tuple(map(Path, task.beside))
            scratch = Path(task.target + ".scratch")
            decoder.decode(CaptureSource(path, task.name, beside, task.beside_names, scratch), sink)
        except CaptureDamaged as damaged:
            sink.miss(damaged.reason)
        except TooMuchWritten:
            too_much = True
        except RecursionError:
            sink.miss(UnreadReason.DAMAGED)
    copy.unlink(missing_ok=True)
    unread = {reason.name: count for reason, count in sink.unread.items()}
    return RenderResult(sink.lines, unread, too_much, broke_at)


def _plain(source: Path, copy: Path, most_bytes: int) -> tuple[Path, int | None]:
    """Return `source`, or the copy of it unpacked, and at which byte that broke off, if it did.

    Errors: TooMuchWritten; OSError.
    """
    with source.open("rb") as file:
        codec = codec_of(file.read(_MAGIC_BYTES))
        if codec is Codec.PLAIN:
            return source, None
        file.seek(0)
        size = 0
        with copy.open("wb") as written:
            try:
                for piece in unpacked(file, codec):
                    size += len(piece)
                    if size > most_bytes:
                        raise TooMuchWritten
                    written.write(piece)
            except DamagedDataError:
                return copy, size
    set_modified(copy, source.stat().st_mtime)
    return copy, None
