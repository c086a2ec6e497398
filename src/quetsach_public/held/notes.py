"""What the office's technician reads: one line for each thing that happened, in a bounded file."""

from collections import Counter
from datetime import datetime
from pathlib import Path

from quetsach_public.clock import VIETNAM
from quetsach_public.held.standing import Event, Stand

MOST_BYTES = 2_000_000
"""Then the file begins anew, and the one before is kept beside it."""

MOST_OF_ONE = 20
"""Lines of an address on a day; then one line says that there was more. Releases always stand."""

MOST_A_DAY = 10_000
"""Lines of all on a day: two days at least stay in the two files."""

HEAD = "time\taddress\twhat\tname\tasks\n"


class Notes:
    """Appends to notes.tsv. No person and no page is in it, only an address of the office."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._day, self._lines, self._all = "", Counter[str](), 0

    def tell(self, event: Event, address: str, stand: Stand, now: float) -> None:
        """Write a line, within bounds. A full disk is no reason to answer nobody."""
        when = datetime.fromtimestamp(now, VIETNAM).isoformat(timespec="seconds")
        if event is not Event.RELEASED:
            if not self._has_room(address, when[:10]):
                return
            if self._lines[address] > MOST_OF_ONE or self._all >= MOST_A_DAY:
                event = Event.MORE
        line = "\t".join((when, address, event.value, stand.name or "-", str(stand.asks)))
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if self._file.exists() and self._file.stat().st_size > MOST_BYTES:
                self._file.replace(self._file.with_suffix(".tsv.1"))
            with self._file.open("a", encoding="utf-8") as file:
                file.write(line + "\n" if file.tell() else f"{HEAD}{line}\n")
        except OSError:
            return

    def _has_room(self, address: str, day: str) -> bool:
        if day != self._day:
            self._day, self._lines, self._all = day, Counter(), 0
        if self._all >= MOST_A_DAY or self._lines[address] > MOST_OF_ONE:
            return False
        self._lines[address] += 1
        self._all += 1
        return True
