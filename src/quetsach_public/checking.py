"""The self-check: who asks hears of their own address, and nothing is kept of it."""

from collections import OrderedDict
from datetime import datetime
from typing import Any

from quetsach_public.addresses import Caller
from quetsach_public.answers import Answer, answer
from quetsach_public.hints import Hint, hints, platform
from quetsach_public.pages.filling import result_page
from quetsach_public.pages.site import packed_now
from quetsach_public.sending import Reply, own_reply
from quetsach_public.table import Table

MOST_PAGES = 2_000
"""Filled pages that are held; they say what is said to many, and not to whom."""

_Key = tuple[int, str, Answer, tuple[Hint, ...], str]


class Checks:
    """Answers checks; pages that were said before are taken from memory, packed."""

    def __init__(self) -> None:
        self._table: Table | None = None
        self._held: OrderedDict[_Key, tuple[bytes, bytes]] = OrderedDict()

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
        if table is not self._table:
            self._table, self._held = table, OrderedDict()
        said, held = answer(table, caller, now), self._held
        key = id(frames), language, said, hints(agent), platform(agent)
        known = held.get(key)
        if known is None:
            plain = result_page(frames, said, table, key[3], key[4])
            known = held[key] = plain, packed_now(plain)
            while len(held) > MOST_PAGES:
                held.popitem(last=False)
        return own_reply(known[0], packed=known[1])
