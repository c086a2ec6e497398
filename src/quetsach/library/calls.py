"""The calls of the Python interface: sweep, lists, who, trace, parse; and its language."""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeAlias, cast

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
from quetsach.library.records import WhoDict
from quetsach.library.results import FindingsFolder, IndicatorList, ParsedText
from quetsach.scanning.job import network_of, zone_of
from quetsach.schema import EVENT
from quetsach.sweeping.sweep import sweep as run_sweep
from quetsach.texts import Language, choose_for_process, follow_environment

PathLike: TypeAlias = str | Path
Paths: TypeAlias = PathLike | Iterable[PathLike]
"""One path, or several."""


def use_language(language: Language | None) -> None:
    """Speak `language` ("vi" or "en") in all that follows: notes, problems, errors, reports.

    None follows LC_ALL, LC_MESSAGES and LANG again, as the command line does.
    Errors: ValueError for another language.
    """
    if language not in ("vi", "en", None):
        raise ValueError(f"no language {language!r}; there are 'vi' and 'en'")
    follow_environment(os.environ)
    choose_for_process(language)


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
    Errors: QuetsachError with a code of docs/errors.md: E101 for evidence that is not there, E201
    and E202 for lists, E301 and E302 for `out`, E262 to E266 for the tables, E601 for a wrong
    value. What cannot be read of the evidence is no error, but `unread`.
    """
    follow_environment(os.environ)
    temporary = Path(mkdtemp(prefix="quetsach-")) if out is None else None
    target = Path(out or "") if temporary is None else temporary / "findings"
    try:
        request = sweeps.sweep_request(
            evidence=_named(evidence),
            lists=[Path(path) for path in _paths(lists)],
            out=target,
            allow=_paths(allow),
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
    follow_environment(os.environ)
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
    follow_environment(os.environ)
    options = ListOptions(
        accept_private=accept_private,
        own=tuple(network_of(network) for network in _texts(inside)),
        zone=zone_of(HERE if zone is None else zone),
        column_maps=read_column_maps([Path(path) for path in _paths(columns)]),
    )
    return IndicatorList(read_lists([Path(path) for path in _paths(lists)], options))


def who(
    address: str,
    time: str,
    evidence: Paths = (),
    *,
    zone: str | None = None,
    inside: str | Sequence[str] = (),
    leases: Paths = (),
    nat: Paths = (),
    inventory: Paths = (),
    plan: Paths = (),
    public: str | Sequence[str] = (),
) -> WhoDict:
    """Tell which machine held `address` (or ADDRESS:PORT) at `time`, how surely, by which logs.

    Shapes: `own` are the tables of `quetsach who`: leases, nat, inventory, plan, public. The answer
    is what `quetsach who --json` prints, and `unread`. For many questions `who_each` reads once.
    Errors: QuetsachError E101 for evidence that is not there, E601 for a wrong value, E262 to E266
    for the tables.
    """
    return who_each(
        [(address, time)],
        evidence,
        zone=zone,
        inside=inside,
        leases=leases,
        nat=nat,
        inventory=inventory,
        plan=plan,
        public=public,
    )[0]


def who_each(
    questions: Iterable[tuple[str, str]],
    evidence: Paths = (),
    *,
    zone: str | None = None,
    inside: str | Sequence[str] = (),
    leases: Paths = (),
    nat: Paths = (),
    inventory: Paths = (),
    plan: Paths = (),
    public: str | Sequence[str] = (),
) -> list[WhoDict]:
    """Answer each (address, time) as `who` does, in their order; the evidence is read once.

    Errors: as `who`.
    """
    follow_environment(os.environ)
    answers = holders.who(
        [holders.who_question(address, time, zone=zone) for address, time in questions],
        evidence=_named(evidence),
        own=_own(leases=leases, nat=nat, inventory=inventory, plan=plan, public=public),
        zone=zone,
        inside=_texts(inside),
    )
    unread = answers.unread_json()
    return [cast("WhoDict", {**answer, "unread": unread}) for answer in answers.answers]


def trace(
    notices: Paths,
    evidence: Paths,
    *,
    zone: str | None = None,
    leases: Paths = (),
    nat: Paths = (),
    inventory: Paths = (),
    plan: Paths = (),
    public: str | Sequence[str] = (),
) -> dict[str, Any]:
    """Find the machine behind each notice of an authority; docs/trace.md has the answer's keys.

    Errors: QuetsachError E101 for evidence that is not there, E250 to E253 for the notices, E262 to
    E266 for the tables, E601 for a wrong value.
    """
    follow_environment(os.environ)
    tables = _own(leases=leases, nat=nat, inventory=inventory, plan=plan, public=public)
    request = traces.trace_request(
        notices=_paths(notices),
        evidence=_named(evidence),
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
    follow_environment(os.environ)
    if isinstance(lines, Path):
        raise TypeError("parse takes the text of a log or its lines: parse(path.read_bytes())")
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
        raise QuetsachError("E601", "log_format", reason=f"{name} (quetsach formats)") from error


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


def _named(evidence: Paths) -> list[str]:
    """Return evidence as the command line takes it. Errors: E101 for a path that is not there."""
    arguments = _paths(evidence)
    for argument in arguments:
        # A pattern that nothing fits is unread evidence, as is a storage that does not answer.
        is_pattern = "://" in argument or set("*?[") & set(argument)
        if not is_pattern and not os.path.lexists(argument):
            raise QuetsachError("E101", argument)
    return arguments


def _paths(paths: Paths) -> list[str]:
    """Return one path or several as texts. Errors: E101 for "", which would be this folder."""
    texts = _texts(paths)
    if "" in texts:
        raise QuetsachError("E101", "''")
    return texts


def _texts(texts: Paths | Sequence[str]) -> list[str]:
    """Return one text or path, or several, as texts: a text where several are meant is one."""
    return [str(texts)] if isinstance(texts, (str, Path)) else [str(text) for text in texts]


def _own(
    *,
    leases: Paths,
    nat: Paths,
    inventory: Paths,
    plan: Paths,
    public: str | Sequence[str],
) -> OwnTables:
    return OwnTables(
        leases=_paths(leases),
        nat=_paths(nat),
        inventory=[Path(path) for path in _paths(inventory)],
        plan=[Path(path) for path in _paths(plan)],
        public=_texts(public),
    )
