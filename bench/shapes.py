"""Inputs of any shape: hosts, days, hits, files, codec, indicators and kind of log, each a knob.

Run as `python -m bench.shapes FOLDER --hosts 131072 --hits popular ...` to make one and keep it.
"""

import argparse
import bz2
import gzip
import lzma
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa

from bench.lists import make_lists, make_pools
from bench.logs import MORE_KINDS, Kind, Knobs, log_blocks

DAY_US = 86_400_000_000
MEGABYTE = 1_000_000
KIND_OF = {kind.name: kind for kind in MORE_KINDS}

HITS = {"0.001%": 100_000, "0.1%": 1_000, "5%": 20, "popular": 20, "all": 1}
"""One line in so many meets the list; `popular` is 5 % of one name, `all` is each line of one."""


@dataclass(frozen=True)
class Shape:
    """One input. Units: `size` in MB of unpacked text; of `indicators` a sixth are addresses."""

    kind: str = "zeek"
    size: int = 1000
    hosts: int = 2000
    days: int = 5
    hits: str = "0.001%"
    files: int = 1
    codec: str = "plain"
    indicators: int = 120_000

    @property
    def title(self) -> str:
        """Say what differs from the usual shape, after the kind of log."""
        usual = Shape()
        odd = (
            f"{getattr(self, one.name):,} {one.name}"
            if isinstance(getattr(self, one.name), int)
            else f"{one.name} {getattr(self, one.name)}"
            for one in fields(self)
            if one.name not in ("kind", "size")
            and getattr(self, one.name) != getattr(usual, one.name)
        )
        return ", ".join((f"{KIND_OF[self.kind].title}, {self.size:,} MB", *odd))


def make(shape: Shape, folder: Path) -> tuple[list[Path], Path]:
    """Write the logs and the list of `shape` into `folder`; return both."""
    maker = get_context("fork").Process(target=_make, args=(shape, folder))
    maker.start()
    maker.join()
    if maker.exitcode:
        raise OSError(f"{folder} could not be filled")
    return sorted((folder / "logs").iterdir()), folder / "list.txt"


def _make(shape: Shape, folder: Path) -> None:
    kind = KIND_OF[shape.kind]
    addresses = shape.indicators // 6
    listed = make_lists(shape.indicators - addresses, addresses)
    (folder / "logs").mkdir(parents=True)
    (folder / "list.txt").write_text(listed.text())
    pools = make_pools(listed, hosts=shape.hosts)
    knobs = Knobs(shape.days * DAY_US, HITS[shape.hits], shape.hits in ("popular", "all"))
    blocks = log_blocks(kind, pools, shape.size * MEGABYTE, knobs)
    each = shape.size * MEGABYTE // shape.files
    for number, text in enumerate(_files(kind, blocks, each, shape.files)):
        stem = Path(kind.file)
        name = stem if shape.files == 1 else f"{stem.stem}-{number:05d}{stem.suffix}"
        _pack(folder / "logs" / name, text, shape.codec)


def _files(kind: Kind, blocks: Iterator[bytes], each: int, count: int) -> Iterator[Iterator[bytes]]:
    """Yield the text of each file in parts; every file begins with the head of its kind."""
    head = kind.head.encode()
    if count == 1:
        yield blocks
        return
    waiting = next(blocks).removeprefix(head)
    made = 0
    for block in blocks:
        waiting += block
        while len(waiting) >= each and made < count - 1:
            cut = waiting.rfind(b"\n", 0, each) + 1
            yield iter((head, waiting[:cut]))
            waiting = waiting[cut:]
            made += 1
    yield iter((head, waiting))


def _pack(path: Path, text: Iterator[bytes], codec: str) -> None:
    if codec == "plain":
        with path.open("wb") as file:
            file.writelines(text)
        return
    # Each is closed by the `with` below.
    opened: dict[str, Callable[[Path], object]] = {
        "gz": lambda where: gzip.open(where, "wb", compresslevel=6),  # noqa: SIM115
        "bz2": lambda where: bz2.open(where, "wb"),  # noqa: SIM115
        "xz": lambda where: lzma.open(where, "wb", preset=1),  # noqa: SIM115
        "zst": lambda where: pa.output_stream(where, compression="zstd"),
    }
    with opened[codec](path.with_name(f"{path.name}.{codec}")) as file:  # type: ignore[attr-defined]
        for part in text:
            file.write(part)


def add_knobs(parser: argparse.ArgumentParser) -> None:
    """Add an option for each knob."""
    choices = {
        "kind": tuple(KIND_OF),
        "hits": tuple(HITS),
        "codec": ("plain", "gz", "bz2", "xz", "zst"),
    }
    for one in fields(Shape):
        parser.add_argument(
            f"--{one.name}",
            type=type(one.default),
            default=one.default,
            choices=choices.get(one.name),
        )


def shape_of(options: argparse.Namespace) -> Shape:
    """Return the shape that the options describe."""
    return Shape(**{one.name: getattr(options, one.name) for one in fields(Shape)})


def main() -> None:
    """Make one input and leave it in the folder."""
    parser = argparse.ArgumentParser(prog="python -m bench.shapes", description=__doc__)
    parser.add_argument("folder", type=Path)
    add_knobs(parser)
    options = parser.parse_args()
    shutil.rmtree(options.folder, ignore_errors=True)
    logs, listed = make(shape_of(options), options.folder)
    size = sum(log.stat().st_size for log in logs)
    print(
        f"{len(logs):,} files of {size / MEGABYTE:,.0f} MB in {options.folder / 'logs'}, {listed}"
    )


if __name__ == "__main__":
    main()
