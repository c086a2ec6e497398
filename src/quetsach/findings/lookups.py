"""One sighting and one device out of a findings folder, however many are in it."""

import json
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import msgspec

from quetsach.errors.exceptions import QuetsachError

SIGHTINGS = "sightings.parquet"
DEVICES = "devices.json"

_HEAD = b'{\n  "devices": ['
_ASIDE = b'\n  "not_blamed": ['
_OPENS, _CLOSES = b"\n    {\n", b"\n    }"


def sighting_in(folder: Path, number: str) -> dict[str, Any]:
    """Return the sighting whose number is, or begins with, `number`.

    Errors: E304 when there is none, or more than one.
    """
    # Imported where it is used: who signs or checks a folder reads no rows.
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    with pq.ParquetFile(folder / SIGHTINGS) as file:
        column = file.read(["quetsach.sighting.id"]).column(0)
        numbers = column.filter(pc.starts_with(column, number))
        if not number or len(numbers.unique()) != 1:
            raise QuetsachError("E304", number)
        place = pc.index(column, numbers[0]).as_py()
        group = 0
        # Of a million rows only those beside it are read.
        while place >= file.metadata.row_group(group).num_rows:
            place -= file.metadata.row_group(group).num_rows
            group += 1
        return dict(file.read_row_group(group).slice(place, 1).to_pylist()[0])


def device_in(folder: Path, name: str) -> dict[str, Any] | None:
    """Return the device called so in `devices.json`: to be handled, else not blamed, else None.

    The text is searched for it, and no other device is decoded: the form in which the folder is
    written has each name on a line of its own, which no other text in it can look like.
    Errors: E305 when the page is damaged.
    """
    path = folder / DEVICES
    try:
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as page:
            if page[: len(_HEAD)] == _HEAD and page.find(_ASIDE) > 0:
                return next(_named(page, name), None)
        return _decoded(path.read_bytes(), name)
    except (
        OSError,
        ValueError,
        LookupError,
        TypeError,
        RecursionError,
        msgspec.MsgspecError,
    ) as error:
        raise QuetsachError("E305", str(path), reason=type(error).__name__) from error


def _named(page: mmap, name: str) -> Iterator[dict[str, Any]]:
    # The two that may have written it do not escape alike.
    for text in {msgspec.json.encode(name), json.dumps(name, ensure_ascii=False).encode()}:
        place = page.find(b'\n      "device": ' + text + b",\n")
        if place >= 0:
            first = page.rfind(_OPENS, 0, place)
            last = page.find(_CLOSES, place)
            yield msgspec.json.decode(page[first : last + len(_CLOSES)], type=dict[str, Any])


def _decoded(content: bytes, name: str) -> dict[str, Any] | None:
    """Return the device of a page in another form, all of it decoded."""
    page = msgspec.json.decode(content, type=dict[str, Any])
    devices = (*page["devices"], *page["not_blamed"])
    return next((dict(one) for one in devices if one["device"] == name), None)
