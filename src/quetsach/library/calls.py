"""The calls of the Python interface: sweep, lists, who, trace, parse."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeAlias

# Loaded whole, so that tables can go on to pandas and NumPy.
import pyarrow as pa

from quetsach.api import sweeps, traces
from quetsach.api import who as holders
from quetsach.api.findings import read_folder
from quetsach.api.inventory import OwnTables
from quetsach.clocks import HERE
from quetsach.errors.exceptions import QuetsachError
from quetsach.formats.contract import HEAD_BYTES, Format, Line, ParsedLines, relayout
from quetsach.formats.registry import by_name, recognise
from quetsach.indicators.options import ListOptions, read_column_maps
from quetsach.indicators.read import read_lists
from quetsach.library.results import FindingsFolder, IndicatorList, ParsedText
from quetsach.scanning.job import network_of, zone_of
from quetsach.schema import EVENT
from quetsach.sweeping.sweep import sweep as run_sweep

PathLike: TypeAlias = str | Path
Paths: TypeAlias = PathLike | Iterable[PathLike]
"""One path, or several."""

OWN_TABLES = ("leases", "nat", "inventory", "plan", "public")


def sweep(
    evidence: Paths,
    lists: Paths,
    *,
    out: PathLike | None = None,
    allow: Paths = (),
    zone: str | None = None,
    inside: str | Sequence[str] = (),
    since: str | None = None,
    until: str | None = None,
    leases: Paths = (),
    nat: Paths = (),
    inventory: Paths = (),
    plan: Paths = (),
    public: str | Sequence[str] = (),
    workers: int | None = None,
) -> FindingsFolder:
    """Look for the indicators of `lists` in `evidence`, and name the machines.

    Shapes: paths are files or folders, one or several; `out` is a new folder, and without it the
    findings lie in a temporary one that goes with the result; the rest is as the options of
    `quetsach sweep`.
    Units: `since` and `until` ISO 8601.
    Errors: QuetsachError with a code of docs/errors.md: E201, E202 for lists, E301, E302 for `out`,
    E601 for a wrong value. What cannot be read of the evidence is no error, but `unread`.
    """
    temporary = Path(mkdtemp(prefix="quetsach-")) if out is None else None
    target = Path(out or "") if temporary is None else temporary / "findings"
    try:
        request = sweeps.sweep_request(
            evidence=_texts(evidence),
            lists=[Path(path) for path in _texts(lists)],
            out=target,
            allow=_texts(allow),
            zone=zone,
            inside=_texts(inside),
            since=since,
            until=until,
            workers=workers,
            own=_own(leases=leases, nat=nat, inventory=inventory, plan=plan, public=public),
        )
        run_sweep(request)
        return FindingsFolder(read_folder(target), temporary)
    except BaseException:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
        raise


def read_findings(folder: PathLike) -> FindingsFolder:
    """Open the findings in `folder`; each file is held against its digest.

    Errors: QuetsachError E303 where it is no findings folder; E305 for what is missing or changed.
    """
    return FindingsFolder(read_folder(Path(folder)))


def read_list(
    lists: Paths,
    *,
    inside: str | Sequence[str] = (),
    accept_private: bool = False,
    zone: str | None = None,
    columns: Paths = (),
) -> IndicatorList:
    """Read lists of indicators, in any form of docs/lists.md.

    Errors: QuetsachError E202 for a list that cannot be read, E218 for a column map, E601.
    """
    options = ListOptions(
        accept_private=accept_private,
        own=tuple(network_of(network) for network in _texts(inside)),
        zone=zone_of(HERE if zone is None else zone),
        column_maps=read_column_maps([Path(path) for path in _texts(columns)]),
    )
    return IndicatorList(read_lists([Path(path) for path in _texts(lists)], options))


def who(
    address: str,
    time: str,
    evidence: Paths = (),
    *,
    zone: str | None = None,
    inside: str | Sequence[str] = (),
    **own: Paths,
) -> dict[str, Any]:
    """Tell which machine held `address` (or ADDRESS:PORT) at `time`, how surely, by which logs.

    Shapes: `own` are the tables of `quetsach who`: leases, nat, inventory, plan, public. The answer
    is what `quetsach who --json` prints, and `unread`. For many questions `who_each` reads once.
    Errors: QuetsachError E601 for a wrong value, E262 to E266 for the tables.
    """
    return who_each([(address, time)], evidence, zone=zone, inside=inside, **own)[0]


def who_each(
    questions: Iterable[tuple[str, str]],
    evidence: Paths = (),
    *,
    zone: str | None = None,
    inside: str | Sequence[str] = (),
    **own: Paths,
) -> list[dict[str, Any]]:
    """Answer each (address, time) as `who` does; the evidence is read once."""
    answers = holders.who(
        [holders.who_question(address, time, zone=zone) for address, time in questions],
        evidence=_texts(evidence),
        own=_own(**own),
        zone=zone,
        inside=_texts(inside),
    )
    unread = answers.unread_json()
    return [{**answer, "unread": unread} for answer in answers.answers]


def trace(
    notices: Paths, evidence: Paths, *, zone: str | None = None, **own: Paths
) -> dict[str, Any]:
    """Find the machine behind each notice of an authority; docs/trace.md has the answer's keys.

    Errors: QuetsachError E250 to E253 for the notices, E601 for a wrong value.
    """
    tables = _own(**own)
    request = traces.trace_request(
        notices=_texts(notices),
        evidence=_texts(evidence),
        zone=zone,
        leases=tables.leases,
        nat=tables.nat,
        inventory=tables.inventory,
        plans=tables.plan,
        public=tables.public,
    )
    return traces.trace(request)


def parse(
    lines: str | bytes | Iterable[str | bytes],
    *,
    log_format: str | None = None,
    zone: str | None = None,
) -> ParsedText:
    """Return log lines as events: the text of a log, or its lines.

    Shapes: `log_format` is a name of `quetsach formats`; without it the first 64 KiB tell it.
    Units: times of lines without a zone are in `zone`, Asia/Ho_Chi_Minh if not given.
    Errors: QuetsachError E601 for an unknown `log_format` or `zone`. A line that cannot be read is
    no error, but a reject. Cost: memory per event.
    """
    kept = list(_numbered(lines))
    head = b"\n".join(line for _offset, line in kept)[:HEAD_BYTES]
    form = recognise(head) if log_format is None else _format(log_format)
    layout, local = form.layout(head), zone_of(HERE if zone is None else zone)
    parsed, run = ParsedLines(), list[Line]()
    for offset, line in kept:
        starts_anew = layout.header is not None and line.startswith(layout.header)
        changed = relayout(form, line, layout) if starts_anew else None
        if changed is not None:
            _add(parsed, form.parse(run, layout, local))
            run, layout = [], changed
        run.append((offset, line))
    _add(parsed, form.parse(run, layout, local))
    rows = [{**event, "log.offset": offset} for offset, event in parsed.events]
    return ParsedText(
        form.name,
        pa.Table.from_pylist(rows, schema=_EVENTS),
        tuple((reject.offset, reject.reason) for reject in parsed.rejects),
        len(parsed.skipped),
    )


_EVENTS = EVENT.append(pa.field("log.offset", pa.int64()))


def _format(name: str) -> Format:
    try:
        return by_name(name)
    except KeyError as error:
        raise QuetsachError("E601", "log_format", reason=name) from error


def _add(parsed: ParsedLines, more: ParsedLines) -> None:
    parsed.events += more.events
    parsed.rejects += more.rejects
    parsed.skipped += more.skipped


def _numbered(lines: str | bytes | Iterable[str | bytes]) -> Iterator[Line]:
    """Yield each line with the offset at which it begins; a line without its end has one byte."""
    offset = 0
    # As in a file, only a line feed ends a line.
    parts = BytesIO(_bytes(lines)) if isinstance(lines, (str, bytes)) else map(_bytes, lines)
    for part in parts:
        yield offset, part.rstrip(b"\r\n")
        offset += len(part) if part.endswith(b"\n") else len(part) + 1


def _bytes(text: str | bytes) -> bytes:
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text


def _texts(paths: Paths | Sequence[str]) -> list[str]:
    """Return one path or several as texts: a text where several are meant is one."""
    return [str(paths)] if isinstance(paths, (str, Path)) else [str(path) for path in paths]


def _own(**tables: Paths) -> OwnTables:
    unknown = sorted(set(tables) - set(OWN_TABLES))
    if unknown:
        raise TypeError(f"unknown table {unknown[0]!r}; there are {', '.join(OWN_TABLES)}")
    texts = {name: _texts(paths) for name, paths in tables.items()}
    return OwnTables(
        leases=texts.get("leases", ()),
        nat=texts.get("nat", ()),
        inventory=[Path(path) for path in texts.get("inventory", ())],
        plan=[Path(path) for path in texts.get("plan", ())],
        public=texts.get("public", ()),
    )
