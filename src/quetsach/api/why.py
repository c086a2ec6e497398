"""Why: all that one sighting rests on, from the report's number back to the raw line."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from quetsach.attribution.questions import MissingEvidence
from quetsach.clocks import within
from quetsach.containers.refusal import DamagedDataError
from quetsach.containers.streams import Codec, codec_of, unpacked
from quetsach.errors.exceptions import QuetsachError
from quetsach.evidence.archives import member_of
from quetsach.evidence.digests import blake3_of_file, sha256_by_pieces
from quetsach.evidence.find import EvidenceFile, RenderedFrom
from quetsach.evidence.line_ends import line_ends_of, rewritten
from quetsach.evidence.rendering import (
    MOST_BESIDE,
    decoder_kind,
    folder_of,
    rendered_again,
    wants_beside,
)
from quetsach.evidence.storage import ShrunkError, is_stored
from quetsach.findings.folder import read_manifest
from quetsach.findings.lookups import device_in, sighting_in
from quetsach.findings.steps import lack_text, steps_in
from quetsach.formats.contract import HEAD_BYTES
from quetsach.formats.table_maps import TableMap, mapped
from quetsach.scratch_folders import scratch_folder
from quetsach.sweeping.mapped_tables import map_tables

MOST_LINE = 1 << 20
"""How much of a raw line is shown, in bytes."""

MOST_RECORD = 40
"""How many lines of one record are shown."""


class _Because(msgspec.Struct):
    device: str
    because: str


class _Known(msgspec.Struct):
    device: str
    rivals: list[str] = []
    rivals_because: list[_Because] = []


class _Origin(msgspec.Struct):
    list: str
    row: int
    place: str = ""
    letter: str = ""
    text: str = ""


class _Met(msgspec.Struct):
    key: str
    type: str
    origins: list[_Origin]


class _Step(msgspec.Struct):
    kind: str
    before: str
    after: str
    grade: str
    path: str | None = None
    offset: Annotated[int, msgspec.Meta(ge=0)] | None = None
    start: int | None = None
    end: int | None = None
    note: str | None = None


class _Seen(msgspec.Struct, rename={"path": "log.file.path", "offset": "log.offset"}):
    """What of a sighting is relied on."""

    path: str
    offset: Annotated[int, msgspec.Meta(ge=0)]


@dataclass(frozen=True)
class StepView:
    """A step to the device as the findings have it, and the lines of its record, read anew."""

    step: dict[str, Any]
    lines: list[str]


@dataclass(frozen=True)
class SightingBasis:
    """What a sighting rests on.

    Shapes: `sighting` is the row of sightings.parquet; `raw_line` is read anew from the evidence
    and None when `evidence_state` is not "same": "missing", "changed" or "unreadable"; so are
    the records of `steps`, the way from the address to the device. `lack` says in words what is
    missing where nobody can be named. `list_row` is the
    row of the list that the sighting names, `origins` are all rows the indicator stands in, each
    with its place and letter (findings of an older version have none). `zone` is the one in which
    the sweep shows times.
    """

    sighting: dict[str, Any]
    raw_line: str | None
    evidence_state: str
    steps: list[StepView]
    lack: str
    list_row: dict[str, Any]
    device: dict[str, Any] | None
    zone: str
    origins: list[dict[str, Any]]


@dataclass(frozen=True)
class LineReading:
    """How lines of the evidence are read anew: digests by path, and the maps of its tables.

    Shapes: a digest is its kind, `blake3` or (of an earlier version) `sha256`, and its value.
    """

    digests: dict[str, tuple[str, str]]
    table_maps: tuple[TableMap, ...]
    zone: ZoneInfo


def why(folder: Path, number: str) -> SightingBasis:
    """Return what the sighting with this number (or an unambiguous beginning of it) rests on.

    Errors: E303, E305 for the folder; E304 when there is no such sighting.
    """
    manifest = read_manifest(folder)
    sighting = sighting_in(folder, number)
    named = sighting["quetsach.device"]
    device = device_in(folder, named) if isinstance(named, str) else None
    steps, lack = _checked(folder, manifest, sighting, device)
    how = _line_reading(folder, manifest)
    state, line = _raw_line(sighting["log.file.path"], sighting["log.offset"], how)
    origins = _origins(manifest, sighting)
    return SightingBasis(
        sighting=sighting,
        raw_line=line,
        evidence_state=state,
        steps=[_shown_step(one, how) for one in steps],
        lack=lack_text(lack),
        list_row=_list_row(manifest, sighting, origins),
        zone=manifest["options"]["zone"],
        device=device,
        origins=origins,
    )


def _line_reading(folder: Path, manifest: Mapping[str, Any]) -> LineReading:
    """Errors: E305 for maps that are none."""
    options = manifest["options"]
    try:
        maps = msgspec.convert(options.get("table_maps", ()), tuple[TableMap, ...])
        for table_map in maps:
            mapped(table_map)
    except (msgspec.ValidationError, ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise QuetsachError("E305", str(folder), reason=str(error)) from error
    digests = {
        # Folders of an earlier version have no BLAKE3.
        one["path"]: ("blake3", one["blake3"]) if one.get("blake3") else ("sha256", one["sha256"])
        for one in manifest["evidence"]
    }
    return LineReading(digests, maps, ZoneInfo(options["zone"]))


def _checked(
    folder: Path,
    manifest: Mapping[str, Any],
    sighting: dict[str, Any],
    device: dict[str, Any] | None,
) -> tuple[list[dict[str, Any]], MissingEvidence]:
    """Return the steps of a sighting and what is missing, once all that is shown has its shape.

    Errors: E305. A folder is not signed, and its sender may have forged it.
    """
    try:
        msgspec.convert(sighting, _Seen)
        msgspec.convert(device, _Known | None)
        msgspec.convert(manifest.get("met", []), list[_Met])
        steps = steps_in(sighting)
        for one in msgspec.convert(steps, list[_Step]):
            if any(when is not None and within(when) is None for when in (one.start, one.end)):
                raise QuetsachError("E305", str(folder), reason="time")
        return steps, MissingEvidence(sighting.get("quetsach.device.lack") or "")
    except (msgspec.MsgspecError, ValueError) as error:
        raise QuetsachError("E305", str(folder), reason=str(error)) from error


def _shown_step(step: dict[str, Any], how: LineReading) -> StepView:
    if not step.get("path"):
        return StepView(step, [])
    _state, lines = _raw_lines(step["path"], step["offset"], how)
    return StepView(step, lines)


def _origins(manifest: dict[str, Any], sighting: dict[str, Any]) -> list[dict[str, Any]]:
    what = (sighting["quetsach.indicator.key"], sighting["threat.indicator.type"])
    met = (one for one in manifest.get("met", ()) if (one["key"], one["type"]) == what)
    return next((list(one["origins"]) for one in met), [])


def _list_row(
    manifest: dict[str, Any], sighting: dict[str, Any], origins: list[dict[str, Any]]
) -> dict[str, Any]:
    name, row = sighting["quetsach.indicator.list"], sighting["quetsach.indicator.row"]
    found = next((one for one in manifest["lists"] if one["name"] == name), {"name": name})
    said = (one for one in origins if (one["list"], one["row"]) == (name, row))
    return {**found, "row": row, **next(said, {})}


def _raw_line(shown: str, offset: int, how: LineReading) -> tuple[str, str | None]:
    state, lines = _raw_lines(shown, offset, how)
    return state, lines[0] if lines else None


def _raw_lines(shown: str, offset: int, how: LineReading) -> tuple[str, list[str]]:
    """Return the line at `offset`, and where it opens a record in braces, the rest of that."""
    with scratch_folder() as spool:
        try:
            file = _file_of(shown, spool / "file")
            if file is None:
                return "missing", []
            if not _is_same(file.location, how.digests.get(shown)):
                return "changed", []
            folder = spool / "rendered"
            folder.mkdir()
            path = rendered_again(file, folder, _others(file, spool, how.digests))
            path = _mapped(file, path, how, spool) or path
            text = _text_at(file.location if path is None else path, offset)
        except (OSError, DamagedDataError, ShrunkError):
            return "unreadable", []
        return "same", _record_in(text)


def _is_same(location: Path, recorded: tuple[str, str] | None) -> bool:
    """Errors: OSError."""
    if recorded is None:
        return False
    kind, digest = recorded
    if kind == "blake3":
        return blake3_of_file(location) == digest
    with location.open("rb") as file:
        is_packed = codec_of(file.read(8)) is not Codec.PLAIN
    return sha256_by_pieces(location, is_packed=is_packed) == digest


def _mapped(
    file: EvidenceFile, rendered: Path | None, how: LineReading, spool: Path
) -> Path | None:
    """Return the events of a table that a saved column map reads, None for any other file."""
    kind, location = decoder_kind(file), rendered or file.location
    origin = None if rendered is None else RenderedFrom(kind or "", file.location, "", file.size)
    again = EvidenceFile(file.shown, location, location.stat().st_size, origin)
    (after,), _problems = map_tables([again], how.table_maps, how.zone, spool)
    return None if after is again else after.location


def _file_of(shown: str, spool: Path) -> EvidenceFile | None:
    """Return the file, or its copy out of an archive, as a sweep has shown it; None if it is gone.

    Errors: OSError.
    """
    if is_stored(shown):
        from quetsach.evidence.fetching import fetched_whole

        path = fetched_whole(shown, spool)
    else:
        path = Path(shown) if Path(shown).is_file() else member_of(shown, spool)
    return None if path is None else EvidenceFile(shown, path, path.stat().st_size)


def _others(file: EvidenceFile, spool: Path, digests: Mapping[str, object]) -> list[EvidenceFile]:
    """Return the other files of the sweep in its folder, where they say how this one is read."""
    if not wants_beside(file):
        return []
    names = [
        shown
        for shown in sorted(digests)
        if shown != file.shown and folder_of(shown) == folder_of(file.shown)
    ]
    copies = (_file_of(shown, spool / f"beside-{n}") for n, shown in enumerate(names[:MOST_BESIDE]))
    return [copy for copy in copies if copy is not None]


def _record_in(data: bytes) -> list[str]:
    lines = data.split(b"\n", MOST_RECORD)[:MOST_RECORD]
    if not lines[0].rstrip().endswith(b"{"):
        return [_shown(lines[0])]
    end = next((place for place, one in enumerate(lines) if one.startswith(b"}")), len(lines) - 1)
    return [_shown(one) for one in lines[: end + 1]]


def _text_at(path: Path, offset: int) -> bytes:
    """Return the content at `offset` in the unpacked file, up to the length of a line."""
    with path.open("rb") as file:
        codec = codec_of(file.read(8))
        file.seek(0)
        if codec is Codec.PLAIN:
            ends = line_ends_of(file.read(HEAD_BYTES))
            file.seek(offset)
            return rewritten(file.read(MOST_LINE), ends)
        place = 0
        text = head = b""
        for piece in unpacked(file, codec):
            place += len(piece)
            head += piece[: HEAD_BYTES - len(head)]
            if place <= offset:
                continue
            text += piece[max(offset - (place - len(piece)), 0) :] if not text else piece
            if text.count(b"\n") > MOST_RECORD or len(text) > MOST_LINE:
                break
    return rewritten(text[:MOST_LINE], line_ends_of(head))


def _shown(line: bytes) -> str:
    return line.decode("utf-8", "backslashreplace")
