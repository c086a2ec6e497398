"""Unpack a gzip file with isal and do nothing else. Run as `python -m bench.gunzip FILE`."""

import sys
from pathlib import Path

from isal import isal_zlib

PIECE = 1 << 20


def main(path: str) -> None:
    """Unpack the file `path`."""
    unpacker = isal_zlib.decompressobj(wbits=31)
    with Path(path).open("rb") as file:
        while piece := file.read(PIECE):
            unpacker.decompress(piece)
    assert unpacker.eof, "the file is one whole gzip member"


if __name__ == "__main__":
    main(*sys.argv[1:])
