"""A message that is to be changed, and what must stay in it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from random import Random
from typing import Any, TypeAlias

from quetsach.formats.shared.peeling import peel
from tools.scoreboard.pairs import Pair, Value

_ANY_TIME = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
_DAY_OF_NO_YEAR = 1_800_000_000_000_000


@dataclass(frozen=True)
class Case:
    """A pair whose message is one line or one document, and a source of chance."""

    pair: Pair
    text: str
    chance: Random

    @cached_property
    def bare(self) -> str:
        """The message in one line, without the heads of syslog around it."""
        if self.document is not None:
            return json.dumps(self.document) if "\n" in self.text.strip() else self.text.strip()
        return peel(self.text.encode(), UTC, _DAY_OF_NO_YEAR)[0].text

    @cached_property
    def document(self) -> Any:
        """The JSON object that the text is; None for another."""
        try:
            decoded = json.loads(self.text)
        except ValueError:
            return None
        return decoded if isinstance(decoded, dict) else None

    @property
    def when(self) -> datetime:
        """The time that is expected, or any."""
        told = self.pair.expected[0].fields.get("@timestamp")
        return told if isinstance(told, datetime) else _ANY_TIME

    @property
    def kept(self) -> frozenset[str]:
        """The values that are expected, in lower case."""
        return frozenset(
            str(one).lower()
            for expected in self.pair.expected
            for value in expected.fields.values()
            for one in (value if isinstance(value, frozenset) else [value])
        )


Mutation: TypeAlias = Callable[[Case], str | tuple[str, dict[str, Value]] | None]
"""Returns the changed text, with fields that are then expected to be others; None for no change."""


def case_of(pair: Pair, seed: int) -> Case | None:
    """Return the case of `pair`; None where its message is binary, a table or several events."""
    if pair.alone or len(pair.expected) != 1 or b"\0" in pair.message:
        return None
    text = pair.message.decode("utf-8", "replace").strip("\n")
    case = Case(pair, text, Random(f"{seed} {pair.name} {pair.test}"))
    return None if "\n" in text.strip() and case.document is None else case
