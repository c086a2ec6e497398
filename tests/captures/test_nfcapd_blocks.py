"""Blocks are unpacked as they were packed, and never to more than a block can be."""

import bz2
import contextlib
import mmap
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.captures import nfcapd_blocks
from quetsach.captures.nfcapd import Nfcapd
from quetsach.captures.nfcapd_blocks import BlockPacking, lz4_unpacked, lzo_unpacked, unpacked_block
from tests.captures.files import events_of
from tests.captures.nfcapd_building import (
    addresses,
    block,
    element,
    generic,
    new_file,
    old_file,
    old_record,
    record,
)

TEXT = b"bad.example bad.example 10.20.3.41 10.20.3.42 bad.example" * 3
# As liblzo2 2.10 packs it.
LZO = bytes.fromhex(
    "096261642e6578616d706c65202a2c000831302e32302e332e343120272900322a84002ab0002a2c0027b4002023"
    "e0000a32206261642e6578616d706c65110000"
)
# By lzo1x_999: literals, a match, and one that runs over itself.
RUNS = bytes(range(200)) * 2 + b"x" * 700
LZO_RUNS = b"\xd9" + bytes(range(200)) + bytes.fromhex("20a71d03782000009c0000110000")


def test_lzo_is_unpacked() -> None:
    assert lzo_unpacked(LZO) == TEXT
    assert lzo_unpacked(LZO_RUNS) == RUNS


@pytest.mark.parametrize("cut", range(len(LZO)))
def test_lzo_that_is_cut_off_is_refused(cut: int) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any place of it
        lzo_unpacked(LZO[:cut])


@given(st.binary(max_size=60))
def test_noise_is_refused_or_unpacked(noise: bytes) -> None:
    for unpack in (lzo_unpacked, lz4_unpacked):
        with contextlib.suppress(ValueError):
            assert len(unpack(noise)) <= nfcapd_blocks.MOST_UNPACKED


@given(st.binary(min_size=1, max_size=300), st.integers(1, 40))
def test_lz4_is_unpacked_as_its_own_library_packs_it(part: bytes, times: int) -> None:
    plain = part * times
    assert lz4_unpacked(pa.Codec("lz4_raw").compress(plain, asbytes=True)) == plain


def test_no_block_unpacks_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nfcapd_blocks, "MOST_UNPACKED", 100)
    plain = bytes(1 << 20)
    packed = {
        BlockPacking.LZO: LZO_RUNS,
        BlockPacking.LZ4: pa.Codec("lz4_raw").compress(plain, asbytes=True),
        BlockPacking.BZIP2: bz2.compress(plain),
        BlockPacking.ZSTD: pa.Codec("zstd").compress(plain, asbytes=True),
    }
    for packing, content in packed.items():
        with pytest.raises(ValueError):  # noqa: PT011 - whatever its words
            unpacked_block(content, packing)


def test_a_damaged_block_takes_no_memory_that_is_not_given_back() -> None:
    def held() -> int:
        return int(Path("/proc/self/statm").read_text().split()[5])

    cut = pa.Codec("zstd").compress(bytes(1 << 20), asbytes=True)[:-3]
    before = held()
    for _ in range(20):
        with pytest.raises(OSError):  # noqa: PT011 - whatever its words
            unpacked_block(cut, BlockPacking.ZSTD)
    assert (held() - before) * mmap.PAGESIZE < nfcapd_blocks.MOST_UNPACKED * 4


FLOWS = record(generic((51_544, 443)), element(2, addresses("10.20.3.41", "203.0.113.77")))


@pytest.mark.parametrize("packing", [BlockPacking.BZIP2, BlockPacking.LZ4, BlockPacking.ZSTD])
def test_packed_files_are_read_and_plain_blocks_in_them(packing: BlockPacking) -> None:
    codec = {BlockPacking.LZ4: "lz4_raw", BlockPacking.ZSTD: "zstd"}
    packed = (
        bz2.compress(FLOWS)
        if packing is BlockPacking.BZIP2
        else pa.Codec(codec[packing]).compress(FLOWS, asbytes=True)
    )
    content = new_file([block(packed, kind=3), block(FLOWS, kind=3, flags=1)], packing=packing)
    events, unread = events_of(Nfcapd(), content)
    assert (len(events), unread) == (2, {})


def test_the_flags_of_the_first_layout_tell_the_packing() -> None:
    flows = old_record(("10.20.3.41", "203.0.113.77"), (51_544, 443))
    content = old_file([block(bz2.compress(flows))], flags=0x8)
    assert len(events_of(Nfcapd(), content)[0]) == 1
