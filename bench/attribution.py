"""Ten million leases and a million questions: `python -m bench.attribution [--leases N] [--mixed]`.

Each machine renews every four hours and moves on to another address now and then; with --mixed each
record is of any machine at any time, so that nothing can be put together. Seconds are those of the
processor, so that a busy machine does not count.
"""

import argparse
import os
import random
import resource
import time
from collections import Counter
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.attribution.lease_history import LeaseHistory
from quetsach.clocks import MICROSECONDS
from quetsach.schema import LEASE

BEGIN_US = 1_650_000_000 * MICROSECONDS
RENEWED_S, LEASED_S, MOVES_EVERY = 14_400, 28_800, 50


def main() -> None:
    """Make the leases, build the history, ask, and print what it took."""
    parser = argparse.ArgumentParser(prog="python -m bench.attribution", description=__doc__)
    parser.add_argument("--leases", type=int, default=10_000_000)
    parser.add_argument("--sightings", type=int, default=1_000_000)
    parser.add_argument("--machines", type=int, default=20_000)
    parser.add_argument("--mixed", action="store_true")
    options = parser.parse_args()
    leases = made(options.leases, options.machines, mixed=options.mixed)
    print(f"{leases.nbytes / 1e6:,.0f} MB of leases, {_peak_mb():,.0f} MB at most so far")
    started = time.process_time()
    history = LeaseHistory(leases, ["dhcp.log"])
    del leases
    built = time.process_time()
    print(f"history: {built - started:.1f} s, {_peak_mb():,.0f} MB at most so far")
    grades = asked(history, options)
    seconds = time.process_time() - built
    print(f"{options.sightings:,} sightings: {seconds:.1f} s, {_peak_mb():,.0f} MB at most")
    print(", ".join(f"{grade} {count:,}" for grade, count in sorted(grades.items())))


def made(count: int, machines: int, *, mixed: bool) -> pa.Table:
    """Return so many leases, their text columns dictionary encoded as a sweep gathers them."""
    number = pc.subtract(pc.cumulative_sum(pa.repeat(pa.scalar(1, pa.int64()), count)), 1)
    turn = pc.divide(number, machines)
    address = _rest(number, machines)
    machine = _rest(pc.add(address, pc.multiply(pc.divide(turn, MOVES_EVERY), 7)), machines)
    when = pc.multiply(turn, RENEWED_S)
    if mixed:
        machine, when = _any(count, machines), _any(count, RENEWED_S * max(1, count // machines))
    columns = {
        "address": _words(address, machines, address_of),
        "when_us": pc.add(pc.multiply(when, MICROSECONDS), BEGIN_US),
        "act": _words(pc.multiply(number, 0), 1, lambda _: "given"),
        "mac": _words(machine, machines, _mac),
        "client_id": pa.nulls(count, pa.string()).dictionary_encode(),
        "host_name": _words(machine, machines, lambda one: f"PC-{one:06d}"),
        "seconds": pa.repeat(pa.scalar(LEASED_S, pa.int64()), count),
        "server": _words(pc.multiply(number, 0), 1, lambda _: "dhcp1"),
        "rough": pa.repeat(False, count),
        "file": pa.repeat(pa.scalar(0, pa.int32()), count),
        "offset": pc.multiply(number, 100),
    }
    return pa.table({name: columns[name] for name in LEASE.names})


def asked(history: LeaseHistory, options: argparse.Namespace) -> Counter[str]:
    """Ask who held any address at any time, and count the answers by grade."""
    source = random.Random(7)
    length = RENEWED_S * max(1, options.leases // options.machines)
    grades: Counter[str] = Counter()
    for _ in range(options.sightings):
        address = address_of(source.randrange(options.machines))
        when = BEGIN_US + source.randrange(length) * MICROSECONDS
        found = history.holder(address, when)
        grades["nobody" if found is None else str(found.grade)] += 1
    return grades


def address_of(number: int) -> str:
    """Return an inside address."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _mac(number: int) -> str:
    return f"00-17-A4-{number >> 16 & 255:02X}-{number >> 8 & 255:02X}-{number & 255:02X}"


def _rest(numbers: pa.Array, divisor: int) -> pa.Array:
    return pc.subtract(numbers, pc.multiply(pc.divide(numbers, divisor), divisor))


def _any(count: int, below: int) -> pa.Array:
    plain = pa.Array.from_buffers(pa.int64(), count, [None, pa.py_buffer(os.urandom(8 * count))])
    return _rest(pc.bit_wise_and(plain, pa.scalar((1 << 62) - 1)), below)


def _words(codes: pa.Array, count: int, word: Callable[[int], str]) -> pa.Array:
    words = pa.array([word(one) for one in range(count)])
    return pa.DictionaryArray.from_arrays(codes.cast(pa.int32()), words)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    main()
