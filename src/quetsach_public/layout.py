"""The table's file: a head in JSON, then columns of fixed width that are read where they lie.

    MAGIC, head's length (u32), head, padding to 8 bytes, then the sections that the head names:
    ranges4   u32 first, u32 last, u32 number of the first bit, of each range of the country
    bits4     one bit an address of these ranges, lowest bit first
    ranks4    u32: bits set before each block of BLOCK bytes
    facts4    FACT for each bit set, in their order: family, first and last day
    shared4   u32 first, last of networks that many share
    ranges6   u64 first, last (upper 64 bits); shared6 likewise
    spans6    u64 first, last of what is listed, not overlapping; facts6 one FACT for each

Each section is padded to 8 bytes; the last SEAL bytes are the SHA-256 of all before them.

All numbers are little-endian. Days count from 2000-01-01.
"""

import struct
from datetime import date

MAGIC = b"QSPUB\x00\x01\n"
BLOCK = 64
FACT = struct.Struct("<HHH")
RANGE4 = struct.Struct("<III")
PAIR4 = struct.Struct("<II")
PAIR6 = struct.Struct("<QQ")
LENGTH = struct.Struct("<I")
DAY_ZERO = date(2000, 1, 1).toordinal()
SECTIONS = (
    *("ranges4", "bits4", "ranks4", "facts4", "shared4"),
    *("ranges6", "shared6", "spans6", "facts6"),
)
SEAL = 32
LONGEST_HEAD = 1_000_000


def day_number(day: date) -> int:
    """Return `day` as the table counts it; the years 2000 to 2179 fit."""
    return min(max(day.toordinal() - DAY_ZERO, 0), 0xFFFF)


def day_of(number: int) -> date:
    """Return the day of a number in the table."""
    return date.fromordinal(DAY_ZERO + number)
