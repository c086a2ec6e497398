"""What lies in the folder of a PC that plants: collector, planted script, and its names."""

from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

from quetsach.blocklists.planted import (
    USUAL_DAYS,
    PlantedKey,
    is_working_day,
    names_text,
    planted_between,
)

NAMES_FILE = "planted-names.txt"
NOTE_FILE = "planted-note.txt"
"""Written by the script: what it asked, and when. The collector takes it along."""

SCRIPTS = ("quetsach-planted.cmd", "quetsach-planted.sh")
COLLECTORS = ("quetsach-collect.cmd", "quetsach-collect.ps1", "quetsach-collect.sh")


def planted_files(
    key: PlantedKey, place: str, first: date, days: int = USUAL_DAYS
) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of what the PC of `place` needs, with names from `first` on.

    The names are those of working days; no word of the place itself is in it.
    """
    last = first + timedelta(days=days - 1)
    contacts = (
        one for one in planted_between(key, first, last, (place,)) if is_working_day(one.day)
    )
    yield NAMES_FILE, names_text(contacts).encode("ascii")
    for name in (*SCRIPTS, *COLLECTORS):
        yield name, script_bytes(name)


def script_bytes(name: str) -> bytes:
    """Return a script of the folder `collect`, byte for byte."""
    packed = files("quetsach") / "collect" / name
    if packed.is_file():
        return packed.read_bytes()
    # In a checkout they lie beside `src`; the wheel takes them in.
    return (Path(__file__).parents[3] / "collect" / name).read_bytes()
