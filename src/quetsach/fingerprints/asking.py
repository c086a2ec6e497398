"""A list asked of fingerprints: on which days of which units would it have been met?"""

import ipaddress
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from quetsach.arrays import Numbers, np
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.fingerprints.day_files import DayPrint, days_in, read_keys
from quetsach.fingerprints.month_secrets import SecretFolder
from quetsach.fingerprints.questions import CannotTell, Question, question_of
from quetsach.indicators.model import Indicator
from quetsach.sieve.token_keys import hashed

KEY_BITS = 48


@dataclass(frozen=True)
class DayMatch:
    """Days of a unit on which something of the list was seen; nearly always one day.

    Shapes: `exact` would be met; of `in_part` the host or the address was seen, and whether port,
    path or the very name were the same cannot be told.
    """

    day: DayPrint
    exact: tuple[Indicator, ...]
    in_part: tuple[Indicator, ...]


@dataclass(frozen=True)
class WouldMatch:
    """What fingerprints answered.

    Shapes: `asked` are all days that could be asked, `incomplete` those of them that may hold more;
    `forgotten` have no secret any more; `problems` are those of files that could not be read.
    `cannot_tell` counts indicators by reason. `by_chance` is how many days are to be expected among
    the hits although nothing was there. `refused` are the rows of the lists that are no indicators.
    """

    questions: int
    hits: tuple[DayMatch, ...]
    asked: tuple[DayPrint, ...]
    incomplete: tuple[DayPrint, ...]
    forgotten: tuple[DayPrint, ...]
    cannot_tell: dict[CannotTell, int]
    by_chance: float
    problems: tuple[Problem, ...]
    refused: int = 0

    @property
    def is_whole(self) -> bool:
        """Return whether days were asked, and one without a hit had none."""
        return bool(self.asked) and not (
            self.incomplete or self.forgotten or self.problems or self.cannot_tell
        )


def would_hit(indicators: Iterable[Indicator], folder: Path, secrets: SecretFolder) -> WouldMatch:
    """Return on which days of `folder` the indicators would have been met.

    Errors: E327 where there is no such folder; a file of it that is damaged is told in the answer.
    """
    questions, cannot_tell = _questions(indicators)
    asking = _Asking(questions)
    problems: list[Problem] = []
    days = days_in(folder, problems)
    can_be_asked: list[DayPrint] = []
    forgotten: list[DayPrint] = []
    hits: list[DayMatch] = []
    chance = 0.0
    for (unit, month), of_month in groupby(days, lambda day: (day.unit, day.month)):
        secret = secrets.secret(unit, month)
        for day in of_month:
            if secret is None or secret.key_id != day.key_id:
                forgotten.append(day)
                continue
            try:
                keys = read_keys(folder, day)
            except QuetsachError as error:
                problems.append(error.problem)
                continue
            can_be_asked.append(day)
            asking.turn_to(secret.value)
            chance += len(asking.keys) * len(keys) / (1 << KEY_BITS)
            hit = asking.hit(day, keys)
            if hit is not None:
                hits.append(hit)
    inside = asking.count_inside(can_be_asked)
    if inside:
        cannot_tell[CannotTell.INSIDE] += inside
    incomplete = tuple(day for day in can_be_asked if not day.is_complete)
    return WouldMatch(
        len(questions),
        tuple(hits),
        tuple(can_be_asked),
        incomplete,
        tuple(forgotten),
        dict(cannot_tell),
        chance,
        tuple(problems),
    )


def _questions(indicators: Iterable[Indicator]) -> tuple[list[Question], Counter[CannotTell]]:
    questions: list[Question] = []
    cannot_tell: Counter[CannotTell] = Counter()
    for indicator in indicators:
        if not indicator.is_met:
            continue
        question = question_of(indicator)
        if isinstance(question, Question):
            questions.append(question)
        else:
            cannot_tell[question] += 1
    return questions, cannot_tell


class _Asking:
    """The questions under one secret after another."""

    def __init__(self, questions: list[Question]) -> None:
        self._questions = questions
        self._texts = [text for question in questions for text in question.texts]
        counts = [len(question.texts) for question in questions]
        self._owners = np.repeat(np.arange(len(questions)), counts)
        self._secret: bytes | None = None
        self.keys: Numbers = np.empty(0, np.int64)
        self._owner_of = self._owners

    def turn_to(self, secret: bytes) -> None:
        """Ask under `secret` from here on. Cost: about a microsecond a question."""
        if secret == self._secret:
            return
        self._secret = secret
        keys = np.frombuffer(hashed(self._texts, secret), ">i8").astype(np.int64)
        order = np.argsort(keys, kind="stable")
        self.keys, self._owner_of = keys[order], self._owners[order]

    def hit(self, day: DayPrint, keys: Numbers) -> DayMatch | None:
        """Return what of the questions `keys` answer, None where nothing."""
        if not len(self.keys) or not len(keys):
            return None
        # The keys of both rise: each of the fewer is looked up among the more.
        first = np.searchsorted(self.keys, keys, "left")
        met = np.flatnonzero(self.keys[np.minimum(first, len(self.keys) - 1)] == keys)
        if not len(met):
            return None
        last = np.searchsorted(self.keys, keys[met], "right")
        owners = {
            int(owner)
            for begin, end in zip(first[met], last, strict=True)
            for owner in self._owner_of[begin:end]
        }
        of_day = [self._questions[owner] for owner in sorted(owners)]
        return DayMatch(
            day,
            tuple(one.indicator for one in of_day if one.is_exact),
            tuple(one.indicator for one in of_day if not one.is_exact),
        )

    def count_inside(self, days: Iterable[DayPrint]) -> int:
        """Return how many questions ask for the organisation's own addresses."""
        networks = (ipaddress.ip_network(text) for text in {n for day in days for n in day.inside})
        own = [one for one in networks if isinstance(one, ipaddress.IPv4Network)]
        return sum(question.lies_inside(own) for question in self._questions)
