"""The metamorphic board: messages are changed so that they say the same; what was right stays so.

`python -m tools.scoreboard.metamorphic` prints how often a field fell silent, became wrong or does
harm, by product and mutation; `--cases` shows each.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from tools.scoreboard.board import Judged, read_board
from tools.scoreboard.definitional import Definitional
from tools.scoreboard.judge import Judgement
from tools.scoreboard.mutations.around import AROUND
from tools.scoreboard.mutations.case import Mutation, case_of
from tools.scoreboard.mutations.within import WITHIN
from tools.scoreboard.pairs import Pair, data_folder
from tools.scoreboard.readers.registry import read_pairs

MUTATIONS: Mapping[str, Mutation] = {**WITHIN, **AROUND}
Change: TypeAlias = Literal["kept", "fell", "wrong", "harm"]


@dataclass(frozen=True)
class Mutant:
    """A changed message, and what became of a field that was not wrong before."""

    mutation: str
    original: Pair
    judgement: Judgement
    change: Change


def mutants_of(
    pairs: Sequence[Pair], mutations: Mapping[str, Mutation] = MUTATIONS, seed: int = 0
) -> Iterator[Mutant]:
    """Yield each field of each changed message of `pairs` that was right or silent before."""
    nothing = Definitional()
    pairs = [pair for pair in pairs if case_of(pair, seed) is not None]
    before = read_board(pairs, nothing).judged
    made: list[tuple[str, Judged, Pair]] = []
    for name, mutation in mutations.items():
        for judged in before:
            changed = changed_pair(judged.pair, mutation, seed)
            if changed is not None:
                made.append((name, judged, changed))
    board = read_board([changed for _, _, changed in made], nothing)
    for (name, original, _), judged in zip(made, board.judged, strict=True):
        pair = original.pair
        told = {one.field: one.outcome for one in original.judgements}
        for judgement in judged.judgements:
            outcome = told.get(judgement.field, "absent")
            if outcome != "wrong":
                yield Mutant(name, pair, judgement, _change(outcome == "right", judgement))


def changed_pair(pair: Pair, mutation: Mutation, seed: int) -> Pair | None:
    """Return `pair` with its message changed; None where the mutation has no place to begin."""
    case = case_of(pair, seed)
    told = None if case is None else mutation(case)
    if told is None:
        return None
    text, fields = (told, {}) if isinstance(told, str) else told
    expected = replace(pair.expected[0], fields={**pair.expected[0].fields, **fields})
    return replace(pair, message=text.encode("utf-8", "replace"), expected=(expected,))


def _change(was_right: bool, judgement: Judgement) -> Change:
    if judgement.harm:
        return "harm"
    if judgement.outcome == "wrong":
        return "wrong"
    return "fell" if was_right and judgement.outcome == "absent" else "kept"


def figures(mutants: Sequence[Mutant], *, by_product: bool) -> dict[str, Counter[str]]:
    """Return how often what became of a field, by mutation or by product."""
    counted: dict[str, Counter[str]] = {}
    for one in mutants:
        key = one.original.name if by_product else one.mutation
        counted.setdefault(key, Counter())[one.change] += 1
    return counted


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the board, or the cases that were asked for; 2 where the data set is absent."""
    asked = _asked(arguments)
    data = data_folder()
    if data is None:
        print("No data set beside the repository: nothing to hold our reading against.")
        return 2
    pairs = [one for one in read_pairs(data) if (asked.product or "") in one.name]
    chosen = {name: one for name, one in MUTATIONS.items() if (asked.mutation or "") in name}
    mutants = list(mutants_of(pairs, chosen, asked.seed))
    if asked.cases:
        print("\n".join(_cases(mutants, asked)))
    for by_product in (False, True):
        for name, one in sorted(figures(mutants, by_product=by_product).items()):
            print(_row(name, one))
    print(_row("all", sum((one for one in figures(mutants, by_product=True).values()), Counter())))
    return 0


def _asked(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m tools.scoreboard.metamorphic", description=__doc__)
    parser.add_argument("--product", help="only products whose name contains this")
    parser.add_argument("--mutation", help="only mutations whose name contains this")
    parser.add_argument("--seed", type=int, default=0, help="another number, another chance")
    parser.add_argument("--cases", help="show cases of these, as wrong,harm or fell")
    return parser.parse_args(arguments)


def _row(name: str, one: Counter[str]) -> str:
    told = " ".join(f"{change} {one[change]:6}" for change in ("kept", "fell", "wrong", "harm"))
    return f"{name:42} {told}"


def _cases(mutants: Sequence[Mutant], asked: Namespace) -> Iterator[str]:
    wanted = set(asked.cases.split(","))
    for one in mutants:
        if one.change in wanted:
            told = one.judgement
            yield f"== {one.change} {one.mutation} {one.original.name} {one.original.test}"
            yield f"   {told.pair.message.decode('utf-8', 'replace')}"
            yield f"   {told.field}: expected {told.theirs!s}, ours {told.ours!s}"


if __name__ == "__main__":
    sys.exit(main())
