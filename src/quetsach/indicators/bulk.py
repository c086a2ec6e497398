"""The plain rows of one great list, held in columns until somebody asks for one of them."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.indicators.model import Claim, Indicator, Kind, Origin, Rule, digest_row
from quetsach.indicators.simple_values import KINDS

_RULES = {Kind.NAME: Rule.BELOW, Kind.ADDRESS: Rule.EXACT, Kind.HASH: Rule.HASH}
KEPT_TEXT = 200
"""How much of a row is kept with its indicator or refusal, in characters."""


@dataclass(frozen=True)
class Bulk:
    """Rows that each write one simple value.

    Shapes: the Arrow arrays `keys` (text), `kinds` (places in KINDS), `rows` (line numbers from
    1) and `said` (places in `claims`) are of one length; `lines` are all lines of the file.
    """

    list_name: str
    list_sha256: str
    keys: Any
    kinds: Any
    rows: Any
    said: Any
    claims: tuple[Claim, ...]
    lines: Any

    def __len__(self) -> int:
        return len(self.keys)

    def indicator(self, place: int) -> Indicator:
        """Return the indicator of one row, with its origin."""
        columns = (self.keys, self.kinds, self.rows, self.said)
        key, kind, row, said = (one[place].as_py() for one in columns)
        return self._made(key, kind, row, said, self.lines[row - 1].as_py())

    def every(self, places: Any) -> list[Indicator]:
        """Return the indicators at `places`, an Arrow array; quicker than one by one."""
        columns = [one.take(places) for one in (self.keys, self.kinds, self.rows, self.said)]
        texts = self.lines.take(pc.subtract(columns[2], 1)).to_pylist()
        rows = zip(*(one.to_pylist() for one in columns), texts, strict=True)
        return [self._made(*row) for row in rows]

    def digest_rows(self, places: Any) -> Any:
        """Return the texts of `digest_row` for the indicators at `places`."""
        kinds = pc.cast(self.kinds, pa.int64()).take(places)
        said = pc.cast(self.said, pa.int64()).take(places)
        ends = pa.array(
            [
                digest_row(Indicator("", "", kind, _RULES[kind], claim=claim))
                for claim in self.claims
                for kind in KINDS
            ],
            pa.large_string(),
        )
        end = ends.take(pc.add(pc.multiply(said, len(KINDS)), kinds))
        keys = pc.cast(self.keys.take(places), pa.large_string())
        return pc.binary_join_element_wise(keys, end, pa.scalar("", pa.large_string()))

    def _made(self, key: str, kind_place: int, row: int, said: int, text: str) -> Indicator:
        kind, claim = KINDS[kind_place], self.claims[said]
        shown = text.strip()[:KEPT_TEXT]
        origin = Origin(self.list_name, self.list_sha256, row, shown, claim=claim)
        return Indicator(key, key, kind, _RULES[kind], claim=claim, origins=(origin,))
