"""Who spoke, as addresses whose texts are made by columns: for `alive.parquet` and JSON."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, overload

import pyarrow as pa
import pyarrow.compute as pc
from pyroaring import BitMap

from quetsach.sieve.address_sets import parsed


class ActiveAddresses(Sequence[str]):
    """The IPv4 addresses that spoke in some time, rising by number; a text is made when asked for.

    In JSON it is the list of its texts, which `json_lines` gives many times faster.
    """

    def __init__(self, addresses: BitMap) -> None:
        self._addresses = addresses

    def __len__(self) -> int:
        return len(self._addresses)

    def __iter__(self) -> Iterator[str]:
        return iter(text_array(number_array(self._addresses)).to_pylist())

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and bool(parsed([text]) & self._addresses)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        """Return the text at a place, or those of a slice."""
        if isinstance(place, slice):
            return ActiveAddresses(BitMap(self._addresses[place]))
        return next(iter(ActiveAddresses(BitMap([self._addresses[place]]))))

    def json_lines(self, line: bytes) -> bytes:
        """Return the list in JSON, an address a line; `line` begins each of its lines but one."""
        if not self._addresses:
            return b"[]"
        texts = text_array(number_array(self._addresses))
        begin = pa.scalar(f'{line.decode()}  "')
        rows = pc.binary_join_element_wise(begin, texts, pa.scalar('",'), "")
        # The texts lie in the buffer one behind the other.
        return b"".join((b"[", memoryview(rows.buffers()[2])[:-1], line, b"]"))


def number_array(addresses: BitMap) -> pa.UInt32Array:
    """Return the addresses as numbers, rising."""
    memory = pa.py_buffer(addresses.to_array())
    return pa.Array.from_buffers(pa.uint32(), len(addresses), [None, memory])


def text_array(numbers: pa.UInt32Array) -> pa.StringArray:
    """Return the text of each address."""
    # Those of one network lie together, and their first three parts are made once.
    networks = pc.shift_right(numbers, pa.scalar(8, pa.uint32())).dictionary_encode()
    firsts = pa.array(
        [f"{one >> 16}.{one >> 8 & 255}.{one & 255}" for one in networks.dictionary.to_pylist()],
        pa.string(),
    )
    lasts = pc.bit_wise_and(numbers, pa.scalar(255, pa.uint32()))
    return pc.binary_join_element_wise(
        firsts.take(networks.indices), _last_parts().take(lasts), "."
    )


@cache
def _last_parts() -> Any:
    return pa.array([str(one) for one in range(256)])
