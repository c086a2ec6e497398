"""The trace: notices and evidence in, an outcome for each item and the ledger out."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from quetsach.addresses import Network
from quetsach.atomic_files import write_whole
from quetsach.attribution.model import CERTAINTIES
from quetsach.clocks import HERE, Zone
from quetsach.errors.exceptions import Problem, problem_json
from quetsach.notices.formats.contract import NoticeOptions
from quetsach.notices.ledger import ledger_json, ledger_of
from quetsach.notices.model import MissingLog, NoticeFile, NoticeTrace
from quetsach.notices.output import missing_json, trace_json
from quetsach.notices.output import trace_pieces as trace_pieces
from quetsach.notices.read import read_notice_files as read_notice_files
from quetsach.notices.trace import trace_notice
from quetsach.notices.world import targets_of
from quetsach.scanning.declared_sources import DeclaredSource, read_declared
from quetsach.scanning.job import INSIDE, ReadOptions, moment_us, network_of, zone_of
from quetsach.sweeping.own_network import OwnTables, read_knowledge
from quetsach.sweeping.sweep import Progress, SweepRequest
from quetsach.sweeping.world import GatheredTraceContext, gather_trace_context

TRACES = "traces.json"
"""The file that a trace writes into the folder of -o: what --json prints."""

_SUREST = tuple(one.value for one in CERTAINTIES)


@dataclass(frozen=True)
class TraceRequest:
    """What to trace, in which evidence.

    Shapes: `leases`, `nat` and `inventory` are files beside the evidence that are read whole;
    `public` are own public networks, `plans` tables that name them; `router` picks the advice;
    `only` are the numbers of the items of each file that are traced, None for all.
    """

    notices: tuple[str, ...]
    evidence: tuple[str, ...]
    options: ReadOptions = field(default_factory=ReadOptions)
    leases: tuple[str, ...] = ()
    nat: tuple[str, ...] = ()
    inventory: tuple[Path, ...] = ()
    plans: tuple[Path, ...] = ()
    public: tuple[Network, ...] = ()
    overrides: Path | None = None
    workers: int | None = None
    router: str = ""
    out: Path | None = None
    only: frozenset[int] | None = None


WorldFactory = Callable[[TraceRequest, Sequence[NoticeFile], Progress | None], GatheredTraceContext]


def make_world(
    request: TraceRequest, files: Sequence[NoticeFile], progress: Progress | None = None
) -> GatheredTraceContext:
    """Return the world of real evidence: a sweep for the notices' destinations, and histories."""
    own = OwnTables(
        leases=request.leases,
        nat=request.nat,
        inventory=request.inventory,
        plan=request.plans,
        public=tuple(str(one) for one in request.public),
        overrides=request.overrides,
    )
    knowledge = read_knowledge(own)
    told = request.options.inside
    inside = knowledge.inside(() if told == INSIDE else told)
    sweep = SweepRequest(
        evidence=(*request.evidence, *request.leases, *request.nat),
        indicators=targets_of(files, accept_private=request.options.accept_private),
        target=Path(),
        options=replace(request.options, inside=inside),
        workers=request.workers,
        knowledge=knowledge,
    )
    notices = [one for file in files for one in file.notices]
    return gather_trace_context(sweep, notices, progress)


def trace_request(
    *,
    notices: Sequence[str],
    evidence: Sequence[str],
    leases: Sequence[str] = (),
    nat: Sequence[str] = (),
    inventory: Sequence[Path] = (),
    plans: Sequence[Path] = (),
    public: Sequence[str] = (),
    overrides: Path | None = None,
    zone: str | None = None,
    sources: Sequence[DeclaredSource] | Path = (),
    inside: Sequence[str] = (),
    accept_private: bool = False,
    since: str | None = None,
    until: str | None = None,
    workers: int | None = None,
    router: str = "",
    out: Path | None = None,
    only: frozenset[int] | None = None,
) -> TraceRequest:
    """Return what to trace, with every value checked.

    Shapes: `zone` and `sources` as for `sweep_request`.
    Errors: E267 for `sources`; E601 for a wrong value.
    """
    zone, zone_declared = HERE if zone is None else zone, zone is not None
    options = ReadOptions(
        zone=zone_of(zone).key,
        inside=tuple(str(network_of(one)) for one in inside) or INSIDE,
        accept_private=accept_private,
        since_us=moment_us("--since", since, zone),
        until_us=moment_us("--until", until, zone),
        zone_declared=zone_declared,
        sources=read_declared(sources),
    )
    return TraceRequest(
        notices=tuple(notices),
        evidence=tuple(evidence),
        options=options,
        leases=tuple(leases),
        nat=tuple(nat),
        inventory=tuple(inventory),
        plans=tuple(plans),
        public=tuple(network_of(one, "--public") for one in public),
        overrides=overrides,
        workers=workers,
        router=router,
        out=out,
        only=only,
    )


def trace(
    request: TraceRequest,
    progress: Progress | None = None,
    world_factory: WorldFactory = make_world,
    *,
    files: Sequence[NoticeFile] | None = None,
) -> dict[str, Any]:
    """Return what each notice was traced to, as `trace --json` prints it.

    `files` are notices that were read before; else those of `request` are read.

    Shapes: `notices` (one row an item, see trace_json), `ledger` (see ledger_json), `missing` (what
    to switch on), `unread` and `rejects` as a sweep has them, `seconds`.
    Errors: E250 to E253 for the notices; E254 for the folder; those of a sweep for the evidence.
    """
    started = time.monotonic()
    zone = zone_of(request.options.zone)
    options = NoticeOptions(local=zone, accept_private=request.options.accept_private)
    if files is None:
        read = read_notice_files(_once(request.notices), options)
        files = [_chosen(file, request.only) for file in read]
    scene = world_factory(request, files, progress)
    rows = _Rows(zone)
    traces = (trace_notice(one, scene.world, local=zone) for file in files for one in _items(file))
    ledger = ledger_of(files, rows.taken(traces))
    answer = {
        "notices": rows.notices,
        "ledger": ledger_json(ledger),
        "missing": missing_json(rows.lacks(), request.router),
        "devices": [rows.devices[device] for device in sorted(rows.devices)],
        "unread": [problem_json(one) for one in (*_unread(files), *scene.problems)],
        "rejects": scene.rejects,
        "sources": scene.sources,
        "lines": scene.lines,
        "bytes_read": scene.bytes_read,
        "zone": zone.key,
        "seconds": round(time.monotonic() - started, 3),
    }
    if request.out is not None:
        pieces = (one.encode() for one in trace_pieces(answer))
        write_whole(request.out / TRACES, pieces, "E254")
    return answer


class _Rows:
    """The rows of the answer, made while the traces pass by: a million of both would not fit."""

    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._lacks: set[MissingLog] = set()
        self.notices: list[dict[str, Any]] = []
        self.devices: dict[str, dict[str, Any]] = {}

    def taken(self, traces: Iterable[NoticeTrace]) -> Iterator[NoticeTrace]:
        """Yield `traces` on, each taken in."""
        for trace in traces:
            self.notices.append(trace_json(trace, self._zone))
            self._lacks.update(trace.missing)
            if trace.device:
                self._add_device(trace)
            yield trace

    def lacks(self) -> tuple[MissingLog, ...]:
        """Return what was missing for any of them, in the order of Lack."""
        return tuple(one for one in MissingLog if one in self._lacks)

    def _add_device(self, trace: NoticeTrace) -> None:
        grade = trace.grade.value
        device = self.devices.setdefault(
            trace.device, {"device": trace.device, "addresses": [], "grade": grade, "notices": []}
        )
        device["addresses"] = sorted({*device["addresses"], *trace.addresses})
        device["notices"].append({"path": trace.notice.path, "number": trace.notice.number})
        device["grade"] = min(device["grade"], grade, key=_SUREST.index)


def trace_exit_code(answer: dict[str, Any]) -> int:
    """Return 0 nobody found, 1 a device or candidates, 3 finished but not all was read (3 wins).

    A rejected item was not traced, so that not all was read either.
    """
    if answer["unread"] or answer["rejects"] or answer["ledger"]["rejected"]:
        return 3
    return 1 if answer["ledger"]["hit"] else 0


def _unread(files: Sequence[NoticeFile]) -> tuple[Problem, ...]:
    return tuple(one for file in files for one in file.problems)


def _once(paths: tuple[str, ...]) -> list[str]:
    """Return each path once: the ledger counts a file that was named twice as one."""
    return list(dict.fromkeys(paths))


def _chosen(file: NoticeFile, only: frozenset[int] | None) -> NoticeFile:
    """Return the file as if it had these items alone."""
    if only is None:
        return file
    notices = tuple(notice for notice in file.notices if notice.number in only)
    rejected = tuple(item for item in file.rejected if item.number in only)
    items = len(notices) + len(rejected)
    return replace(file, notices=notices, rejected=rejected, items=items)


def _items(file: NoticeFile) -> list[Any]:
    return sorted((*file.notices, *file.rejected), key=lambda one: one.number)
