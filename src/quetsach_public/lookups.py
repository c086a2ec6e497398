"""The unit of a code, within bounds: an address that tries codes soon gets no more answers."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from quetsach_public.addresses import ClientAddress
from quetsach_public.answers import LONGEST, CheckAnswer, OutdatedSystem, answer, told_by
from quetsach_public.codes import Codes, CodeUnit, read_codes
from quetsach_public.limits import PaceLimits
from quetsach_public.pages.filling import result_page
from quetsach_public.responses import PublicResponse, padded_reply
from quetsach_public.table import AddressTable
from quetsach_public.watched_files import FILE_CHECK_INTERVAL_S, WatchedFile

RATE, BURST = 0.1, 30.0
"""Codes that nobody has, of one address: 30 at once, then one in ten seconds."""

MOST_TOLD = 20_000
"""Codes answered for an address are answered again: a hall that reads one old poster."""


@dataclass(frozen=True)
class CodeFacts:
    """What is known of a code, and whether the caller may see it.

    Shapes: `counts` False where a press would count for nobody.
    """

    unit: CodeUnit | None = None
    counts: bool = True
    is_told: bool = False
    runs: bool = True

    @property
    def said(self) -> CodeUnit | None:
        """The unit, where it may be said."""
        return self.unit if self.is_told else None

    @property
    def is_dead(self) -> bool:
        """True where it may be said that nobody has the code."""
        return self.is_told and not self.counts


class CodeLookups:
    """Answers from the newest file; without one all codes are taken, and the portal decides."""

    def __init__(self, path: Path, check_interval_s: float = FILE_CHECK_INTERVAL_S) -> None:
        self._file = WatchedFile(path, read_codes, check_interval_s)
        self._misses = PaceLimits(RATE, BURST)
        self._told: OrderedDict[int, None] = OrderedDict()
        self._lock = threading.Lock()

    def look(self, code: str, caller: int) -> CodeFacts:
        """Return what is known of `code` ("" for none), as far as the address `caller` may see it.

        Of an address with too many misses nothing is said of another code: neither that it lives
        nor that it does not. Its presses count as ever.
        """
        code_file = self._file.held()
        if code_file is None:
            return CodeFacts()
        if not code:
            return CodeFacts(runs=code_file.runs)
        unit = code_file.unit_of(code)
        is_told = self._is_told(code, caller, is_miss=unit is None)
        return CodeFacts(unit, unit is not None, is_told, code_file.runs)

    def _is_told(self, code: str, caller: int, *, is_miss: bool) -> bool:
        key = hash((caller, code.lower()))
        with self._lock:
            if key in self._told:
                return True
            if not self._misses.within(caller, take=1 if is_miss else 0):
                return False
            self._told[key] = None
            if len(self._told) > MOST_TOLD:
                self._told.popitem(last=False)
        return True

    def counts(self, code: str) -> bool:
        """True for a code under which something counts, as far as it is known here."""
        held: Codes | None = self._file.held()
        return held is None or held.unit_of(code) is not None


MOST_PAGES = 2_000
"""Filled pages of a language that are held; they say what is said to many, and not to whom."""

_Key = tuple[CheckAnswer, tuple[tuple[OutdatedSystem, ...], str]]


@dataclass(frozen=True, eq=False)
class _Held:
    """What was said of a table in the words of a language, while both stay the same."""

    table: AddressTable | None
    frames: dict[str, Any]
    replies: dict[_Key, PublicResponse] = field(default_factory=dict)


class CheckResponder:
    """Answers checks; pages that were said before are taken from memory, packed."""

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}

    def reply(
        self,
        frames: dict[str, Any],
        language: str,
        table: AddressTable | None,
        caller: ClientAddress | None,
        agent: str,
        now: datetime,
    ) -> PublicResponse:
        """Return the answer for `caller`, whose browser calls itself `agent`."""
        cache, agent = self._held.get(language), agent[:LONGEST]
        if cache is None or cache.table is not table or cache.frames is not frames:
            cache = self._held[language] = _Held(table, frames)
        check = answer(table, caller, now)
        key = check, told_by(agent)
        reply = cache.replies.get(key)
        if reply is None:
            plain = result_page(frames, check, table, *key[1])
            reply = padded_reply(plain)
            if len(cache.replies) < MOST_PAGES:
                cache.replies[key] = reply
        return reply
