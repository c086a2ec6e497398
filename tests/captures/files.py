"""Sources for decoders, made of bytes."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec

from quetsach.captures.contract import (
    CaptureDamaged,
    CaptureSource,
    Decoder,
    LineSink,
    UnreadReason,
)


@contextmanager
def source_of(
    content: bytes, *beside: bytes, name: str = "capture", names: tuple[str, ...] = ()
) -> Iterator[CaptureSource]:
    """Give `content` as a file, with others beside it that are called `names`."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.bin" for number in range(1 + len(beside))]
        for path, written in zip(paths, (content, *beside), strict=True):
            path.write_bytes(written)
        scratch = Path(folder) / "scratch"
        yield CaptureSource(paths[0], name, tuple(paths[1:]), names, scratch)


def events_of(
    decoder: Decoder,
    content: bytes,
    *beside: bytes,
    name: str = "capture",
    names: tuple[str, ...] = (),
) -> tuple[list[dict[str, Any]], dict[UnreadReason, int]]:
    """Return the events that `decoder` makes of `content`, and what it did not read."""
    out = BytesIO()
    sink = LineSink(out, 64 << 20)
    with source_of(content, *beside, name=name, names=names) as source:
        try:
            decoder.decode(source, sink)
        except CaptureDamaged as damaged:
            sink.miss(damaged.reason)
    lines = out.getvalue().split(b"\n")
    assert lines.pop() == b""
    assert len(lines) == sink.lines
    return [msgspec.json.decode(line) for line in lines], sink.unread
