"""What an office plants to learn whether its logs would show a contact, and what that is worth."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from quetsach.atomic_files import write_set
from quetsach.blocklists.planted import USUAL_DAYS as USUAL_DAYS
from quetsach.blocklists.planted import PlantedContact as PlantedContact
from quetsach.blocklists.planted import PlantedKey as PlantedKey
from quetsach.blocklists.planted import is_working_day as is_working_day
from quetsach.blocklists.planted import new_planted_secret as new_planted_secret
from quetsach.blocklists.planted import place_text as place_text
from quetsach.blocklists.planted import planted_between as planted_between
from quetsach.blocklists.planted import planted_key_text as planted_key_text
from quetsach.blocklists.planted import planted_names_in as planted_names_in
from quetsach.blocklists.planted import planted_on as planted_on
from quetsach.blocklists.planted import read_planted_key as read_planted_key
from quetsach.blocklists.planted_scripts import planted_files as planted_files
from quetsach.blocklists.zero_power import ZeroPower as ZeroPower
from quetsach.errors.exceptions import QuetsachError
from quetsach.scratch_folders import write_new
from quetsach.sweeping.planted_rows import PLANTED_PAGE as PLANTED_PAGE


def write_planted_key(path: Path, places: Sequence[str], since: date) -> PlantedKey:
    """Write a new key to `path`, readable by its owner alone, and return it.

    Errors: E601 where a file is there already, or it cannot be written.
    """
    key = PlantedKey(new_planted_secret(), tuple(dict.fromkeys(map(place_text, places))), since)
    try:
        write_new(path, planted_key_text(key).encode(), 0o600)
    except OSError as error:
        reason = f"{path}: {error.strerror or error}"
        raise QuetsachError("E601", "--key-file", reason=reason) from error
    return key


def write_planted_folder(
    key: PlantedKey, folder: Path, first: date, days: int = USUAL_DAYS
) -> Iterator[tuple[str, Path]]:
    """Write one folder for each place of `key` below `folder`; yield place and folder.

    Errors: E601 where one cannot be written.
    """
    for number, place in enumerate(key.places, 1):
        # A place may hold any sign, so that only its number names the folder.
        target = folder / f"{number:03d}"
        files = planted_files(key, place, first, days)
        write_set([(target / name, content) for name, content in files], "E601")
        yield place, target
