"""The self-check: who asks hears of their own address, and nothing is kept of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from quetsach_public.addresses import Caller
from quetsach_public.answers import Answer, answer
from quetsach_public.hints import LONGEST, Hint, hints, platform
from quetsach_public.padding import padded_reply
from quetsach_public.pages.filling import result_page
from quetsach_public.sending import Reply
from quetsach_public.table import Table

MOST_PAGES = 2_000
"""Filled pages of a language that are held; they say what is said to many, and not to whom."""

_Key = tuple[Answer, tuple[Hint, ...], str]


@dataclass(frozen=True, eq=False)
class _Held:
    """What was said of a table in the words of a language, while both stay the same."""

    table: Table | None
    frames: dict[str, Any]
    replies: dict[_Key, Reply] = field(default_factory=dict)


class Checks:
    """Answers checks; pages that were said before are taken from memory, packed."""

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}

    def reply(
        self,
        frames: dict[str, Any],
        language: str,
        table: Table | None,
        caller: Caller | None,
        agent: str,
        now: datetime,
    ) -> Reply:
        """Return the answer for `caller`, whose browser calls itself `agent`."""
        held, agent = self._held.get(language), agent[:LONGEST]
        if held is None or held.table is not table or held.frames is not frames:
            held = self._held[language] = _Held(table, frames)
        said = answer(table, caller, now)
        key = said, hints(agent), platform(agent)
        known = held.replies.get(key)
        if known is None:
            plain = result_page(frames, said, table, key[1], key[2])
            known = padded_reply(plain)
            if len(held.replies) < MOST_PAGES:
                held.replies[key] = known
        return known
