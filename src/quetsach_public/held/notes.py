"""What the office's technician reads: one line for each thing that happened, in a bounded file."""

from datetime import datetime
from pathlib import Path

from quetsach_public.clock import VIETNAM
from quetsach_public.held.standing import Event, Stand

MOST_BYTES = 2_000_000
"""Then the file begins anew, and the one before is kept beside it."""

HEAD = "time\taddress\twhat\tname\tasks\n"


class Notes:
    """Appends to notes.tsv. No person and no page is in it, only an address of the office."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def tell(self, event: Event, address: str, stand: Stand, now: float) -> None:
        """Write a line. A full disk is no reason to answer nobody."""
        when = datetime.fromtimestamp(now, VIETNAM).isoformat(timespec="seconds")
        line = "\t".join((when, address, event.value, stand.name or "-", str(stand.asks)))
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if self._file.exists() and self._file.stat().st_size > MOST_BYTES:
                self._file.replace(self._file.with_suffix(".tsv.1"))
            with self._file.open("a", encoding="utf-8") as file:
                file.write(line + "\n" if file.tell() else f"{HEAD}{line}\n")
        except OSError:
            return
