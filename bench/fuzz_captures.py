"""Damage captures without end: `python -m bench.fuzz_captures [FOLDER] [--seconds N]`.

Without a folder, the captures of the tests. A reader that raises, hangs or writes a line that is no
JSON object ends it, with the seed that shows it again.
"""

import argparse
import random
import time
from pathlib import Path

import msgspec
from quetsach_kernel import Capture

from tests.captures.test_pcap import CONTAINERS, EVERYTHING, EVERYTHING_NEXT

SLOWEST_S = 5.0


def main() -> None:
    """Read damaged copies until the time is over."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz_captures", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.folder is None:
        whole = [*CONTAINERS.values(), EVERYTHING, EVERYTHING_NEXT]
    else:
        whole = [path.read_bytes() for path in sorted(options.folder.rglob("*.pcap*"))]
    until, seed = time.monotonic() + options.seconds, options.seed
    while time.monotonic() < until:
        chance = random.Random(seed)
        started = time.monotonic()
        try:
            read(damaged(chance.choice(whole), chance))
        except BaseException:
            print(f"--seed {seed}")
            raise
        if time.monotonic() - started > SLOWEST_S:
            raise SystemExit(f"too slow: --seed {seed}")
        seed += 1
    print(f"{seed - options.seed} damaged captures were read")


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return `content` with bytes changed, cut out, repeated or in another order."""
    changed = bytearray(content)
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


def read(content: bytes) -> None:
    """Read `content` to its end, and each line as an object."""
    capture = Capture()
    lines = capture.feed(content) + capture.finish()
    capture.exports()
    for line in lines.splitlines():
        msgspec.json.decode(line, type=dict[str, object])


if __name__ == "__main__":
    main()
