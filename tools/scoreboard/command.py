"""The command line of the scoreboard."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from tools.scoreboard.board import (
    FILE,
    Board,
    Figures,
    Judged,
    as_table,
    by_product,
    read_board,
    shares,
    total,
)
from tools.scoreboard.definitional import read_definitional
from tools.scoreboard.judge import Judgement
from tools.scoreboard.pairs import Pair, Value, data_folder
from tools.scoreboard.readers.registry import read_pairs


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the board, or the cases that were asked for; 2 where the data set is absent."""
    asked = _asked(arguments)
    data = data_folder()
    if data is None:
        print("No data set beside the repository: nothing to hold our reading against.")
        return 2
    pairs = [pair for pair in read_pairs(data) if _is_asked(pair, asked)]
    board = read_board(pairs, read_definitional(), mixed=asked.mixed)
    if asked.wrong or asked.absent or asked.all:
        print("\n".join(_cases(board, asked)))
    else:
        print("\n".join(_summary(board)))
    if asked.write:
        FILE.write_text(as_table(board, datetime.now(UTC).date()), encoding="utf-8")
    return 0


def _asked(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m tools.scoreboard", description=__doc__)
    parser.add_argument("--product", help="only products whose name contains this, as `bind`")
    parser.add_argument("--test", help="only pairs whose name contains this")
    parser.add_argument("--field", help="only cases of this field, as `source.ip`")
    parser.add_argument(
        "--mixed",
        nargs="?",
        const="product",
        default="",
        choices=("product", "central"),
        help="a product's messages in one file; central: lines of all products in one file",
    )
    parser.add_argument("--wrong", action="store_true", help="show each case that is wrong")
    parser.add_argument("--absent", action="store_true", help="show each case that is absent")
    parser.add_argument("--all", action="store_true", help="show every pair")
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    return parser.parse_args(arguments)


def _is_asked(pair: Pair, asked: Namespace) -> bool:
    return (asked.product or "") in pair.name and (asked.test or "") in pair.test


def _summary(board: Board) -> Iterator[str]:
    figures = board.figures()
    yield f"{'product':38} {'field':26} " + "  right absent  wrong defin.  harm"
    known: dict[str, list[bool]] = {}
    for judged in board.judged:
        known.setdefault(judged.pair.name, []).append(judged.reading.is_known)
    for product, summed in by_product(figures):
        for (name, field), one in figures.items():
            if name == product:
                yield _row(product, field, one)
        told = known.get(product, [])
        yield _row(product, f"= all; {sum(told)}/{len(told)} by a named form", summed)
    for judgement in board.harms():
        yield f"HARM {judgement.harm}: {_where(judgement)}"
    for source in dict.fromkeys(product.partition("/")[0] for product, _ in figures):
        yield f"{source}: {shares(total(figures, f'{source}/'))}"
    yield f"all: {shares(total(figures))}"


def _row(product: str, field: str, one: Figures) -> str:
    counts = (one.right, one.absent, one.wrong, one.definitional)
    return f"{product:38} {field:26} " + " ".join(f"{n:6}" for n in counts) + f" {one.harm:5}"


def _where(judgement: Judgement) -> str:
    return f"{judgement.pair.name} {judgement.pair.test} {judgement.field}"


def _cases(board: Board, asked: Namespace) -> Iterator[str]:
    for judged in board.judged:
        shown = [one for one in judged.judgements if _is_shown(board, one, asked)]
        if shown or asked.all:
            yield from _case(judged, shown)
    yield f"all: {shares(total(board.figures()))}"


def _is_shown(board: Board, judgement: Judgement, asked: Namespace) -> bool:
    if asked.field not in {None, judgement.field} or board.definitional.holds(judgement):
        return False
    wrong, absent = judgement.outcome == "wrong", judgement.outcome == "absent"
    return bool(asked.all or (asked.wrong and wrong) or (asked.absent and absent))


def _case(judged: Judged, shown: Sequence[Judgement]) -> Iterator[str]:
    pair, reading = judged.pair, judged.reading
    form = f"{reading.form} {reading.code}" if reading.code else reading.form
    yield f"== {pair.name} {pair.test}: read as {form}, {len(reading.events)} event(s)"
    yield f"   {pair.message.decode('utf-8', 'backslashreplace')}"
    for one in shown:
        harm = f"  HARM {one.harm}" if one.harm else ""
        ours, theirs = one.digests
        yield (
            f"   {one.outcome:6} {one.field:24} theirs {_shown(one.theirs)!r}, "
            f"ours {_shown(one.ours)!r}{harm}   [ours {ours}, theirs {theirs}]"
        )
    if judged.extra:
        yield f"   beyond {', '.join(sorted(judged.extra))}"


def _shown(value: Value | None) -> str | None:
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    return None if value is None else str(value)
