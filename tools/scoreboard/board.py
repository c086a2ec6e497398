"""The board: figures by product and field, printed, and kept as a small table in docs/."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from quetsach.schema import Event
from tools.scoreboard.definitional import Definitional
from tools.scoreboard.judge import Judgement, extra_fields, judge
from tools.scoreboard.normal import JUDGED
from tools.scoreboard.pairs import REPOSITORY, Pair
from tools.scoreboard.reading import Reading, read_messages, read_mixed

FILE = REPOSITORY / "docs" / "scoreboard.tsv"
Mixed: TypeAlias = Literal["", "product", "central"]
COLUMNS = ("product", "field", "right", "absent", "wrong", "definitional", "harm")


@dataclass
class Figures:
    """How often an expected field was right, absent, wrong, otherwise defined, or did harm."""

    right: int = 0
    absent: int = 0
    wrong: int = 0
    definitional: int = 0
    harm: int = 0

    def add(self, other: "Figures") -> None:
        """Add the figures of `other`."""
        self.right += other.right
        self.absent += other.absent
        self.wrong += other.wrong
        self.definitional += other.definitional
        self.harm += other.harm

    @property
    def all(self) -> int:
        """How many fields were expected, those that are otherwise defined too."""
        return self.right + self.absent + self.wrong + self.definitional


@dataclass(frozen=True)
class Judged:
    """A pair, how it was read, what became of its fields, and what we gave beyond them."""

    pair: Pair
    reading: Reading
    judgements: tuple[Judgement, ...]
    extra: frozenset[str]


@dataclass
class Board:
    """All judged pairs, and the table of differences that are no errors."""

    judged: list[Judged] = field(default_factory=list)
    definitional: Definitional = field(default_factory=Definitional)

    def figures(self) -> dict[tuple[str, str], Figures]:
        """Return the figures by product and field, in the order of JUDGED."""
        found: dict[tuple[str, str], Figures] = defaultdict(Figures)
        for one in self.judged:
            for judgement in one.judgements:
                self._count(found[one.pair.name, judgement.field], judgement)
        order = {name: place for place, name in enumerate(JUDGED)}
        return dict(sorted(found.items(), key=lambda item: (item[0][0], order[item[0][1]])))

    def _count(self, figures: Figures, judgement: Judgement) -> None:
        if judgement.outcome == "right":
            figures.right += 1
        elif self.definitional.holds(judgement):
            figures.definitional += 1
        else:
            figures.absent += judgement.outcome == "absent"
            figures.wrong += judgement.outcome == "wrong"
            figures.harm += judgement.harm is not None

    def harms(self) -> list[Judgement]:
        """Return the judgements that accuse somebody."""
        found = [one for judged in self.judged for one in judged.judgements if one.harm]
        return [one for one in found if not self.definitional.holds(one)]


def read_board(pairs: Sequence[Pair], definitional: Definitional, mixed: Mixed = "") -> Board:
    """Return the board of `pairs`.

    `mixed` lays all messages of a product in one file, or as a central syslog has them, one line
    of each product after the other.
    """
    board = Board(definitional=definitional)
    readings = _mixed(pairs, mixed) if mixed else _alone(pairs)
    for pair, reading in zip(pairs, readings, strict=True):
        events: list[Event] = [event for _, event in reading.events]
        judgements = tuple(judge(pair, events, known=reading.is_known))
        board.judged.append(
            Judged(pair, reading, judgements, frozenset(extra_fields(pair, events)))
        )
    return board


def _alone(pairs: Sequence[Pair]) -> list[Reading]:
    return read_messages([(one.message, one.year) for one in pairs])


def _mixed(pairs: Sequence[Pair], mixed: Mixed) -> list[Reading]:
    """Return the readings of `pairs`, where the messages of several stand in one file."""
    together: dict[str, list[int]] = defaultdict(list)
    for place, pair in enumerate(pairs):
        together[_file_of(pair, mixed)].append(place)
    found: dict[int, Reading] = {}
    for places in together.values():
        if mixed == "central":
            # By their place in their product: lines of one product do not stand together.
            ranks: Counter[str] = Counter()
            order = {}
            for place in places:
                ranks[pairs[place].name] += 1
                order[place] = (ranks[pairs[place].name], pairs[place].name)
            places.sort(key=order.__getitem__)
        years = Counter(year for place in places if (year := pairs[place].year) is not None)
        year = years.most_common(1)[0][0] if years else None
        messages = [pairs[place].message for place in places]
        found.update(zip(places, read_mixed(messages, year), strict=True))
    return [found[place] for place in range(len(pairs))]


def _file_of(pair: Pair, mixed: Mixed) -> str:
    """Return the name of the file in which a message stands with others."""
    if pair.alone or (mixed == "central" and b"\n" in pair.message.rstrip(b"\n")):
        return f"{pair.name} {pair.test}"
    # A file is of one year, for a line without year cannot tell its own.
    return f"central {pair.year}" if mixed == "central" else pair.name


def total(figures: Mapping[tuple[str, str], Figures], start: str = "") -> Figures:
    """Return the sum of the figures of all products whose name begins with `start`."""
    summed = Figures()
    for (product, _), one in figures.items():
        if product.startswith(start):
            summed.add(one)
    return summed


def shares(figures: Figures) -> str:
    """Return the shares of a sum, with and without what is otherwise defined."""
    scored = figures.all - figures.definitional or 1
    everything = figures.all or 1
    wrong = figures.wrong + figures.definitional
    return (
        f"{figures.all} fields: right {figures.right / scored:.1%}, "
        f"absent {figures.absent / scored:.1%}, wrong {figures.wrong / scored:.1%} "
        f"(with {figures.definitional} definitional ones as wrong: right "
        f"{figures.right / everything:.1%}, wrong {wrong / everything:.1%}); "
        f"harm {figures.harm}"
    )


def digest_of_inputs(pairs: Iterable[Pair]) -> str:
    """Return the SHA-256 over the digests of the files of expectations and of the messages."""
    digests = sorted(
        {hashlib.sha256(path.read_bytes()).hexdigest() for path in {one.file for one in pairs}}
        | {hashlib.sha256(one.message).hexdigest() for one in pairs}
    )
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def as_table(board: Board, day: date) -> str:
    """Return the board as tab-separated text: products and counts, no messages."""
    pairs = [one.pair for one in board.judged]
    lines = [
        f"# date: {day.isoformat()}",
        f"# pairs: {len(pairs)}",
        f"# sha256 of inputs: {digest_of_inputs(pairs)}",
        "\t".join(COLUMNS),
    ]
    for (product, name), one in board.figures().items():
        counts = (one.right, one.absent, one.wrong, one.definitional, one.harm)
        lines.append("\t".join((product, name, *map(str, counts))))
    return "\n".join(lines) + "\n"


def read_table(text: str) -> dict[tuple[str, str], Figures]:
    """Return the figures of a table that `as_table` wrote."""
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return {(row[0], row[1]): Figures(*map(int, row[2:])) for row in rows[1:]}


def by_product(figures: Mapping[tuple[str, str], Figures]) -> Iterator[tuple[str, Figures]]:
    """Yield each product with its sum."""
    for product in dict.fromkeys(product for product, _ in figures):
        own = {key: one for key, one in figures.items() if key[0] == product}
        yield product, total(own)
