"""Whose a code is, told within bounds: who tries codes out soon hears nothing of any."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from quetsach_public.codes import Codes, Unit, read_codes
from quetsach_public.held_file import HeldFile
from quetsach_public.limits import Limits

RATE, BURST = 0.1, 30.0
"""Codes that nobody has, of one address: 30 at once, then one in ten seconds."""

MOST_TOLD = 20_000
"""Codes of addresses that were told of and are told of again: a hall that reads one old poster."""


@dataclass(frozen=True)
class Found:
    """What is known of a code, and whether it may be said to who asks.

    Shapes: `counts` False where a press would count for nobody.
    """

    unit: Unit | None = None
    counts: bool = True
    is_told: bool = False
    runs: bool = True

    @property
    def said(self) -> Unit | None:
        """The unit, where it may be said."""
        return self.unit if self.is_told else None

    @property
    def is_dead(self) -> bool:
        """True where it may be said that nobody has the code."""
        return self.is_told and not self.counts


class Lookups:
    """Answers from the newest file; without one all codes are taken, and the portal decides."""

    def __init__(self, path: Path) -> None:
        self._file = HeldFile(path, read_codes)
        self._misses = Limits(RATE, BURST)
        self._told: OrderedDict[int, None] = OrderedDict()
        self._lock = threading.Lock()

    def look(self, code: str, caller: int) -> Found:
        """Return what is known of `code` ("" for none) as the address `caller` may hear it.

        Of an address with too many misses nothing is said of another code: neither that it lives
        nor that it does not. Its presses count as ever.
        """
        held = self._file.held()
        if held is None:
            return Found()
        if not code:
            return Found(runs=held.runs)
        unit = held.unit_of(code)
        is_told = self._is_told(code, caller, is_miss=unit is None)
        return Found(unit, unit is not None, is_told, held.runs)

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
