"""The fingerprints of a unit's days on disk: keys in Parquet, and beside them what they stand for.

Shapes: `UNIT/FIRST_LAST.parquet` has one column `key`, int64, rising, DELTA_BINARY_PACKED;
`UNIT/FIRST_LAST.json` says the days, both included and null where no line tells any, and the rest
of `DayPrint`.
"""

import ipaddress
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from quetsach.arrays import Numbers, np
from quetsach.atomic_files import read_at_most, replace_whole
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.fingerprints.month_secrets import UNDATED, folder_name

VERSION = 1
MOST_KEYS = 1 << 24
_MOST_JSON = 1 << 20
_SCHEMA = pa.schema([pa.field("key", pa.int64(), nullable=False)])


@dataclass(frozen=True)
class DayPrint:
    """What is known of the fingerprint of some days of a unit: nearly always of one.

    Shapes: `first` and `last` are None where no line told a day. `lines` and `sources` are those of
    the sweep that brought most. `inside` are the organisation's own networks, of whose addresses no
    key was made. Where it is not `is_complete`, something was left out: too many tokens, evidence
    that could not be read, or an earlier fingerprint whose secret is gone.
    """

    unit: str
    first: date | None
    last: date | None
    lines: int
    sources: int
    keys: int
    key_id: str
    inside: tuple[str, ...]
    is_complete: bool

    @property
    def month(self) -> str:
        """Return the month whose secret its keys have."""
        return UNDATED if self.last is None else f"{self.last:%Y-%m}"

    def under(self, key_id: str) -> "DayPrint":
        """Return it with the secret that its keys have."""
        return replace(self, key_id=key_id)

    @property
    def place(self) -> str:
        """Return the path of its files within the folder, without their endings."""
        days = UNDATED if self.last is None else f"{self.first}_{self.last}"
        return f"{folder_name(self.unit)}/{days}"


def write_day(folder: Path, day: DayPrint, keys: Numbers) -> DayPrint:
    """Write `keys`, rising, as those of `day`, joined with what is there; return what is there now.

    Errors: E327.
    """
    path = folder / day.place
    earlier = _known(path.with_suffix(".json"))
    if earlier is not None and earlier.key_id == day.key_id:
        keys = np.union1d(read_keys(folder, earlier), keys)
        day = replace(
            day,
            lines=max(day.lines, earlier.lines),
            sources=max(day.sources, earlier.sources),
            inside=tuple(sorted({*day.inside, *earlier.inside})),
            is_complete=day.is_complete and earlier.is_complete,
        )
    elif earlier is not None:
        day = replace(day, is_complete=False)
    day = replace(day, keys=len(keys))
    sink = pa.BufferOutputStream()
    pq.write_table(
        pa.table([_column_of(keys)], schema=_SCHEMA),
        sink,
        use_dictionary=False,
        column_encoding={"key": "DELTA_BINARY_PACKED"},
        compression="none",
        write_statistics=False,
        store_schema=False,
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The keys first: what says that they are complete never stands before them.
        replace_whole(path.with_suffix(".parquet"), sink.getvalue().to_pybytes())
        replace_whole(path.with_suffix(".json"), _written(day))
    except OSError as error:
        raise QuetsachError("E327", str(path), reason=error.strerror or str(error)) from error
    return day


def days_in(folder: Path, problems: list[Problem] | None = None) -> Iterator[DayPrint]:
    """Yield what the fingerprints of `folder` are of, by unit and day.

    A damaged file is told in `problems`, if they are given. Errors: E327 for a folder that is none,
    and else for a damaged file.
    """
    if not folder.is_dir():
        raise QuetsachError("E327", str(folder), reason="-")
    for path in sorted(folder.glob("*/*.json")):
        try:
            day = _known(path)
        except QuetsachError as error:
            if problems is None:
                raise
            problems.append(error.problem)
            continue
        if day is not None:
            yield day


def read_keys(folder: Path, day: DayPrint) -> Numbers:
    """Return the keys of a day, rising. Errors: E327 where they are not as they were written."""
    path = folder / f"{day.place}.parquet"
    try:
        with pq.ParquetFile(path) as file:
            if file.metadata.num_rows > MOST_KEYS:
                raise ValueError(file.metadata.num_rows)
            column = file.read(columns=["key"]).column("key")
        if column.type != pa.int64() or column.null_count:
            raise ValueError(column.type)
        keys = _numbers_of(column)
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        raise QuetsachError("E327", str(path), reason=_short(error)) from error
    if not (keys[1:] > keys[:-1]).all():
        raise QuetsachError("E327", str(path), reason="key")
    if len(keys) < day.keys:
        # More than is said may be there, where a sweep was killed between both files.
        raise QuetsachError("E327", str(path), reason=f"{len(keys)} < {day.keys}")
    return keys


# Arrow may have been loaded without what it knows of NumPy (lean_arrow.py): both see the bytes.


def _column_of(keys: Numbers) -> pa.Array:
    content = pa.py_buffer(keys.astype(np.int64).tobytes())
    return pa.Array.from_buffers(pa.int64(), len(keys), [None, content])


def _numbers_of(column: pa.ChunkedArray) -> Numbers:
    chunks = [
        np.frombuffer(chunk.buffers()[1], np.int64)[chunk.offset : chunk.offset + len(chunk)]
        for chunk in column.chunks
        if len(chunk)
    ]
    return np.concatenate([np.empty(0, np.int64), *chunks])


def remove_day(folder: Path, day: DayPrint) -> None:
    """Remove the files of a day. Errors: E327."""
    try:
        # The page goes last: as long as it is there the next removal finds the day.
        for ending in (".parquet", ".json"):
            (folder / f"{day.place}{ending}").unlink(missing_ok=True)
    except OSError as error:
        raise QuetsachError("E327", day.place, reason=_short(error)) from error


def _written(day: DayPrint) -> bytes:
    content = {
        "version": VERSION,
        "unit": day.unit,
        "days": [None if end is None else end.isoformat() for end in (day.first, day.last)],
        "lines": day.lines,
        "sources": day.sources,
        "keys": day.keys,
        "key_id": day.key_id,
        "inside": list(day.inside),
        "is_complete": day.is_complete,
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def _known(path: Path) -> DayPrint | None:
    if not path.exists():
        return None
    try:
        content = json.loads(read_at_most(path, _MOST_JSON))
        if content["version"] != VERSION:
            raise ValueError(content["version"])
        first, last = (None if end is None else date.fromisoformat(end) for end in content["days"])
        lines, sources, keys = (int(content[name]) for name in ("lines", "sources", "keys"))
        day = DayPrint(
            str(content["unit"]),
            first,
            last,
            lines=lines,
            sources=sources,
            keys=keys,
            key_id=str(content["key_id"]),
            inside=tuple(str(ipaddress.ip_network(one)) for one in content["inside"]),
            is_complete=content["is_complete"] is True,
        )
        if (first is None) != (last is None) or path.with_suffix("").name != Path(day.place).name:
            raise ValueError(day.place)
        if path.parent.name != folder_name(day.unit):
            raise ValueError(day.unit)
    except (ValueError, KeyError, TypeError, ArithmeticError, RecursionError) as error:
        raise QuetsachError("E327", str(path), reason=_short(error)) from error
    return day


def _short(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__)[:120]
