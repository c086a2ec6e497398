"""Many sightings named and folded in columns, group by group."""

from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.arrays import Codes, Numbers, np
from quetsach.attribution.questions import Attribution
from quetsach.findings.aggregate import Aggregator
from quetsach.findings.sighting_columns import NOTHING, SightingColumns
from quetsach.scanning.grades import SightingGrade
from quetsach.schema import SIGHTING
from quetsach.sweeping.lasting_codes import NONE, LastingCodes, LastingRows, numbers_of
from quetsach.sweeping.naming import SightingNamer
from quetsach.sweeping.numbering import written
from quetsach.sweeping.row_naming import (
    CONNECTIONS,
    INDICATOR,
    PROGRAM,
    READ,
    met_indicator,
    program_of,
)
from quetsach.sweeping.same_questions import SameQuestions
from quetsach.sweeping.spools import NumberedBatch

_RANKS = {str(grade): grade.rank for grade in SightingGrade}


class ColumnReader:
    """Reads the columns of one sweep; `label` returns that of the key of an indicator."""

    def __init__(self, label: Callable[[str], str]) -> None:
        self._indicators = LastingRows(lambda values: met_indicator(values, label))
        self._programs = LastingRows(program_of)
        self._datasets, self._grades, self._texts = (LastingCodes() for _ in range(3))

    def times(self, table: pa.Table) -> Codes:
        """Return the times of the lines in us since 1970, UTC; NOTHING where none is told."""
        return _numbers(table.column("@timestamp").cast(pa.int64()))

    def columns(
        self,
        table: pa.Table,
        numbers: bytes,
        who: Codes,
        answers: Mapping[int, Attribution],
    ) -> SightingColumns:
        """Return the sightings of `table` to be folded.

        Shapes: `table` has READ in single pieces; `numbers` are those of its sightings, eight
        bytes each, and `who` keys of `answers`.
        """

        def whole(name: str) -> pa.Array:
            return table.column(name).chunk(0)

        def coded(name: str) -> Codes:
            codes = self._texts.of(whole(name))
            return np.where(codes == NONE, NOTHING, codes)

        ranks = self._grades.of(whole("quetsach.grade"))
        kinds = self._datasets
        of_rows = kinds.of(whole("event.dataset"))
        return SightingColumns(
            numbers=np.frombuffer(numbers, ">u8").astype(np.uint64),
            who=who,
            what=self._indicators.of([whole(name) for name in INDICATOR]),
            ranks=_looked_up([_RANKS[str(one)] for one in self._grades.values], ranks),
            connections=_looked_up([one in CONNECTIONS for one in kinds.values], of_rows),
            ports=_numbers(table.column("destination.port")),
            when_us=self.times(table),
            windows=coded("quetsach.indicator.window"),
            confidences_then=_numbers(table.column("quetsach.indicator.confidence_then")),
            programs=self._program_codes([whole(name) for name in PROGRAM]),
            files=self._texts.of(whole("log.file.path")),
            offsets=_numbers(table.column("log.offset")),
            answers=answers,
            indicators=self._indicators.made,
            texts=self._texts.values,
            text_of=lambda row: _text(table, row),
        )

    def _program_codes(self, columns: list[pa.Array]) -> Numbers:
        if all(column.null_count == len(column) for column in columns[2:]):
            return np.full(len(columns[0]), NOTHING, np.int64)
        rows = self._programs.of(columns)
        codes = [self._texts.code(one) if one else NOTHING for one in self._programs.made]
        return np.array(codes, np.int64)[rows]


def _numbers(column: pa.ChunkedArray) -> Codes:
    return numbers_of(pc.fill_null(column.chunk(0).cast(pa.int64()), NOTHING))


def _looked_up(numbers: list[int] | list[bool], codes: Codes) -> Codes:
    """Return the number of each code, 0 for NONE."""
    return np.array([*numbers, 0], np.int64)[codes]


def _text(table: pa.Table, row: int) -> tuple[str, str]:
    text, dataset = (
        table.column(name)[row].as_py() for name in ("event.original", "event.dataset")
    )
    return text or "", dataset or ""


class GroupNamer:
    """Names the sightings of one sweep, in groups of tens of thousands, and adds them to a fold."""

    def __init__(self, naming: SightingNamer, fold: Aggregator) -> None:
        self._fold = fold
        self._questions = SameQuestions(naming)
        self._reader = ColumnReader(naming.label)

    def named(self, group: Sequence[NumberedBatch]) -> dict[str, pa.Array]:
        """Return what the columns of a group are filled with, once it is folded."""
        table = pa.Table.from_batches([one.batch for one in group]).select(READ)
        table = table.combine_chunks()
        files = np.repeat([one.file for one in group], [one.batch.num_rows for one in group])
        numbers = b"".join(one.numbers for one in group)
        who = self._questions.answer(table, files, self._reader.times(table))
        answers = self._questions.answers
        self._fold.add_columns(self._reader.columns(table, numbers, who, answers.by_number))
        return {"quetsach.sighting.id": written(numbers), **answers.columns(who, SIGHTING)}
