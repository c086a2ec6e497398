"""How the events of one kind of line are made of what was cut out; see alike_lines.py."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.formats.shared.event_columns import Column, as_column

Piece: TypeAlias = str | int
"""A piece of a text: as it stands, or the slot whose text it is."""

Pieces: TypeAlias = tuple[Piece, ...]

_JOINED = "url."
"""Begins the names of texts that are made of several values."""

_CODES = pa.int32()
_FIRST_PROBE = 100
# When what lasted so long (ns) began, by its end (us); how long it was, by its beginning and end.
_RECKONED: Mapping[str, Callable[[int, int], int]] = {
    "event.start": lambda end, length: end - length // 1000,
    "event.duration": lambda begin, end: (end - begin) * 1000,
}


@dataclass(frozen=True)
class Recipe:
    """How the events of a kind are made.

    Shapes: by field, a constant; the slot of a number; the slots of two numbers that it is reckoned
    from; the pieces of a text; the pieces of each text of a list.
    """

    fixed: dict[str, Any] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    reckoned: dict[str, tuple[int, int]] = field(default_factory=dict)
    texts: dict[str, Pieces] = field(default_factory=dict)
    lists: dict[str, tuple[Pieces, ...]] = field(default_factory=dict)


def recipe_of(
    tried: Mapping[str, Any],
    first: Mapping[str, Any],
    made_up: Mapping[int, int],
    probe: re.Pattern[str],
    cut: tuple[Sequence[int], Sequence[str]],
) -> Recipe | None:
    """Return how both events are made of their values; None where that is not sure.

    Shapes: `tried` is of values made up, its numbers by slot and its texts as `probe` finds them;
    `first` is of those that were `cut`, by slot. Both have the same fields.
    """
    numbers, texts = cut
    slots = {number: slot for slot, number in made_up.items()}
    recipe = Recipe()
    for name, trial in tried.items():
        actual = first[name]
        if type(trial) is not type(actual):
            return None
        if isinstance(trial, str):
            pieces = _pieces(trial, probe)
            # A text that is only in part of what was cut may be too long with another value.
            is_sure = _joined(pieces, texts) == actual and (
                len(pieces) == 1 or name.startswith(_JOINED)
            )
            if any(isinstance(piece, int) for piece in pieces):
                recipe.texts[name] = pieces
            else:
                recipe.fixed[name] = trial
        elif isinstance(trial, list) and all(isinstance(part, str) for part in trial):
            several = tuple(_pieces(part, probe) for part in trial)
            # What stands still may be equal to what is cut out of another line, and told once.
            is_sure = [_joined(pieces, texts) for pieces in several] == actual and not (
                any(isinstance(part[0], int) for part in several)
                and any(isinstance(part[0], str) for part in several)
            )
            recipe.lists[name] = several
        elif type(trial) is int and trial in slots:
            is_sure = numbers[slots[trial]] == actual
            recipe.numbers[name] = slots[trial]
        elif type(trial) is int and trial != actual and name in _RECKONED:
            pair = _reckoned(name, (trial, actual), made_up, numbers)
            is_sure = pair is not None
            if pair is not None:
                recipe.reckoned[name] = pair
        else:
            is_sure = trial == actual
            recipe.fixed[name] = trial
        if not is_sure:
            return None
    # Both lines end before they begin; another line need not.
    has_times = {"event.start", "event.end"} <= recipe.numbers.keys()
    return None if has_times and "event.duration" not in tried else recipe


def _pieces(text: str, probe: re.Pattern[str]) -> Pieces:
    pieces: list[Piece] = []
    begin = 0
    for made_up in probe.finditer(text):
        if made_up.start() > begin:
            pieces.append(text[begin : made_up.start()])
        pieces.append(int(made_up[made_up.lastindex or 0]) - _FIRST_PROBE)
        begin = made_up.end()
    if begin < len(text) or not pieces:
        pieces.append(text[begin:])
    return tuple(pieces)


def _joined(pieces: Pieces, texts: Sequence[str]) -> str | None:
    if any(isinstance(piece, int) and piece >= len(texts) for piece in pieces):
        return None
    return "".join(piece if isinstance(piece, str) else texts[piece] for piece in pieces)


def _reckoned(
    name: str, results: tuple[int, int], made_up: Mapping[int, int], numbers: Sequence[int]
) -> tuple[int, int] | None:
    """Return the slots of the numbers that both `results` are reckoned from."""
    reckon = _RECKONED[name]
    pairs = ((first, second) for first in made_up for second in made_up)
    return next(
        (
            (first, second)
            for first, second in pairs
            if (reckon(made_up[first], made_up[second]), reckon(numbers[first], numbers[second]))
            == results
        ),
        None,
    )


def fields_of(
    recipes: Sequence[Recipe],
    kinds: pa.Array,
    numbers: Sequence[pa.Array],
    texts: Sequence[pa.Array],
) -> dict[str, Column] | None:
    """Return the columns of events of the kinds `kinds`, which are places in `recipes`.

    Shapes: `numbers` and `texts` have for each slot a value a row. None where a value is of
    another type than its field.
    """
    rows = _Rows(recipes, kinds, numbers, texts)
    names = dict.fromkeys(
        name
        for one in recipes
        for part in (one.fixed, one.numbers, one.reckoned, one.texts, one.lists)
        for name in part
    )
    try:
        return {name: rows.column(name) for name in names}
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


@dataclass(frozen=True)
class _Rows:
    recipes: Sequence[Recipe]
    kinds: pa.Array
    numbers: Sequence[pa.Array]
    texts: Sequence[pa.Array]

    def column(self, name: str) -> Column:
        if any(name in one.lists for one in self.recipes):
            return self._lists([one.lists.get(name, one.fixed.get(name)) for one in self.recipes])
        fixed = [one.fixed.get(name) for one in self.recipes]
        sources: list[Any] = [
            one.texts.get(name, one.numbers.get(name, one.reckoned.get(name)))
            for one in self.recipes
        ]
        column = as_column(name, fixed)
        if all(source is None for source in sources):
            return column.take(self.kinds)
        is_text = isinstance(column, pa.DictionaryArray)
        plain = column.cast(pa.string()) if is_text else column
        make = self._text if is_text else partial(self._number, name)
        chosen = self._chosen(plain, sources, make)
        return chosen.dictionary_encode() if is_text else chosen

    def _chosen(
        self, fixed: pa.Array, sources: Sequence[Any], make: Callable[[Any], pa.Array]
    ) -> pa.Array:
        """Return for each row what `make` makes of the source of its kind, or what is fixed."""
        different = dict.fromkeys(source for source in sources if source is not None)
        if len(different) == 1 and None not in sources:
            return make(next(iter(different)))
        places = {source: place for place, source in enumerate(different, 1)}
        of_kind = pa.array([places.get(source, 0) for source in sources], _CODES)
        columns = (make(source) for source in different)
        return pc.choose(of_kind.take(self.kinds), fixed.take(self.kinds), *columns)

    def _text(self, pieces: Pieces) -> pa.Array:
        if len(pieces) == 1 and isinstance(pieces[0], int):
            return self.texts[pieces[0]]
        several = (piece if isinstance(piece, str) else self.texts[piece] for piece in pieces)
        return pc.binary_join_element_wise(*several, "")

    def _number(self, name: str, source: int | tuple[int, int]) -> pa.Array:
        if isinstance(source, int):
            return self.numbers[source]
        first, second = (self.numbers[slot] for slot in source)
        if name == "event.start":
            return pc.subtract(first, pc.divide(second, 1000))
        # What ends before it begins has no length.
        length = pc.multiply(pc.subtract(second, first), 1000)
        return pc.if_else(pc.less(length, 0), None, length)

    def _lists(self, of_kinds: Sequence[tuple[Pieces, ...] | None]) -> pa.Array:
        """Return lists of texts, null where a kind has none."""
        count = len(self.kinds)
        longest = max(len(several or ()) for several in of_kinds)
        parts: list[pa.Array] = []
        for place in range(longest):
            sources = [
                several[place] if several is not None and place < len(several) else None
                for several in of_kinds
            ]
            nothing = pa.nulls(len(of_kinds), pa.string())
            parts.append(self._chosen(nothing, sources, self._text_of_list))
        kinds = self.kinds.to_pylist()
        lengths = [len(several or ()) for several in of_kinds]
        places = [
            place
            for row, kind in enumerate(kinds)
            for place in range(row, row + lengths[kind] * count, count)
        ]
        ends: list[int | None] = []
        end = 0
        for kind in kinds:
            ends.append(None if of_kinds[kind] is None else end)
            end += lengths[kind]
        values = pa.concat_arrays(parts).take(pa.array(places, _CODES))
        return pa.ListArray.from_arrays(pa.array([*ends, end], _CODES), values)

    def _text_of_list(self, pieces: Pieces) -> pa.Array:
        if any(isinstance(piece, int) for piece in pieces):
            return self._text(pieces)
        return pa.repeat(pa.scalar("".join(map(str, pieces)), pa.string()), len(self.kinds))
