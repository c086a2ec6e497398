"""The sweep: evidence and indicators in, a findings folder and its summary out."""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from quetsach.errors.exceptions import Problem, QuetsachError, problem_json
from quetsach.evidence.archives import open_archives
from quetsach.evidence.beginnings import KnownText
from quetsach.evidence.find import find_evidence
from quetsach.evidence.lines import PIECE_BYTES
from quetsach.evidence.rendering import render_evidence
from quetsach.findings.alive import alive_rows, written_beside
from quetsach.findings.coverage import coverage_json
from quetsach.findings.folder import ALIVE, MANIFEST, PAGES, SIGHTINGS, new_folder, write_json
from quetsach.findings.manifest import SummaryTotals, manifest_json, rejects_json, summary_json
from quetsach.findings.steps import format_time, record_notes_json
from quetsach.formats.table_maps import TableMap
from quetsach.indicators.allow.warning_lists import unasked_lists
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.read import list_problems
from quetsach.scanning.job import ReadOptions, ScanJob, WorkerTools, prepare
from quetsach.scanning.line_outcomes import LineCounts
from quetsach.scanning.plan import Plan, Split, make_plan
from quetsach.scanning.scan import SplitResult, scan_split
from quetsach.sweeping.attributing import name_sightings
from quetsach.sweeping.confirming import (
    CONFIRMED_PAGE,
    ConfirmingRow,
    confirmed_json,
    take_out_confirming,
)
from quetsach.sweeping.evidence_checks import (
    broken_promises,
    clocks_json,
    is_notable,
    unconfined_readers,
    years_away,
)
from quetsach.sweeping.gather import GatheredEvidence, add_sha256, gather
from quetsach.sweeping.local import SMALL_BYTES, run_local
from quetsach.sweeping.mapped_tables import map_tables
from quetsach.sweeping.network_context import blind_spots_json, gather_network
from quetsach.sweeping.own_network import OwnNetwork, own_tables_json
from quetsach.sweeping.plugin_use import plugin_problems, plugins_json
from quetsach.sweeping.source_times import zones_json
from quetsach.sweeping.token_days import FingerprintWish, TokenDays
from quetsach.sweeping.units import with_places
from quetsach.sweeping.unknown_forms import (
    broken_forms,
    files_set_aside,
    no_log_at_all,
    unknown_forms,
)
from quetsach.texts import language

if TYPE_CHECKING:
    from quetsach.exams.result import ExamStanding
    from quetsach.signing.keys import SigningKey
    from quetsach.sweeping.planted_rows import PlantedRow, PlantedSearch

Engine = Literal["local", "spark"]

Progress = Callable[[int, int], None]
"""Told (bytes done, bytes in all) as the sweep goes on."""


@dataclass(frozen=True)
class SweepRequest:
    """What to sweep, against what, where the findings go, and the key that signs them, if any.

    `exam` is the one that tells how often the names were right, None where none was made. With
    `sha256` each file of evidence is read once more for that digest, which other tools compute.

    `earlier_texts` are texts that were read before: the stream of a log says which it begins with.

    `planted` says how planted contacts are known; None where none are looked for.
    `fingerprints` says where those of the evidence go, None where none are wanted.

    `list_cache_use` is what became of the lists in the cache, told back with the summary.
    Units: a plain file is cut into pieces of `piece_bytes`; less than `small_bytes` in all is read
    without any worker. Neither changes what is found.
    """

    evidence: Sequence[str]
    indicators: IndicatorSet
    target: Path
    options: ReadOptions = field(default_factory=ReadOptions)
    engine: Engine = "local"
    workers: int | None = None
    key: "SigningKey | None" = None
    knowledge: OwnNetwork = field(default_factory=OwnNetwork)
    table_maps: tuple[TableMap, ...] = ()
    piece_bytes: int = PIECE_BYTES
    small_bytes: int = SMALL_BYTES
    exam: "ExamStanding | None" = None
    list_cache_use: str = ""
    sha256: bool = False
    earlier_texts: Sequence[KnownText] = ()
    planted: "PlantedSearch | None" = None
    fingerprints: FingerprintWish | None = None


def sweep(request: SweepRequest, progress: Progress | None = None) -> dict[str, Any]:
    """Write the findings folder and return the summary that `sweep --json` prints.

    Errors: E201 when there is nothing to look for; E301, E302 for the folder; E501 for the engine.
    """
    started = time.monotonic()
    if not request.indicators.indicators:
        raise QuetsachError("E201", ", ".join(one.list_name for one in request.indicators.readings))
    with new_folder(request.target) as folder:
        spool = folder / ".spool"
        spool.mkdir()
        notes: list[Problem] = []
        read = read_evidence(request, spool, progress, notes.append)
        summary = write_findings(request, read, folder)
        if read.tokens is not None and request.fingerprints is not None:
            from quetsach.sweeping.fingerprinting import write_fingerprints

            told = write_fingerprints(request.fingerprints, read.tokens, read.gathered.sources)
            summary["fingerprints"] = told
        shutil.rmtree(spool)
        if request.key is not None:
            from quetsach.findings.signed import sign_findings

            sign_findings(folder, request.key, datetime.now().astimezone())
    return {
        **summary,
        "findings": str(request.target),
        "seconds": round(time.monotonic() - started, 3),
        **({"list_cache": request.list_cache_use} if request.list_cache_use else {}),
        **({"engine_notes": [problem_json(one) for one in notes]} if notes else {}),
    }


@dataclass(frozen=True)
class ReadEvidence:
    """Evidence as it was read, before anybody is named."""

    plan: Plan
    tools: WorkerTools
    gathered: GatheredEvidence
    planted: "Sequence[PlantedRow]" = ()
    tokens: TokenDays | None = None


def read_evidence(
    request: SweepRequest,
    spool: Path,
    progress: Progress | None = None,
    tell: Callable[[Problem], None] = lambda _problem: None,
) -> ReadEvidence:
    """Return what the evidence of `request` holds; sightings and leases are kept in `spool`.

    `tell` is given what concerns the engine and not the evidence.
    """
    wish = request.fingerprints
    job = ScanJob(_looked_for(request), request.options, wants_tokens=wish is not None)
    tools = prepare(job)
    found = open_archives(
        *find_evidence(request.evidence, spool, whole=bool(request.table_maps)), spool
    )
    files, problems = render_evidence(*found, spool)
    files, told = map_tables(files, request.table_maps, tools.zone, spool)
    plan = make_plan(files, [*problems, *told], tools.zone, request.options.sources)
    splits = list(plan.splits(request.piece_bytes))
    results = _results(request, splits, tools, spool, tell)
    if progress is not None:
        results = _reported(results, sum(split.length for split in splits), progress)
    tokens = None if wish is None else wish.fold(plan, request.evidence, tools)
    gathered = gather(plan, splits, results, spool, lambda split: scan_split(split, tools), tokens)
    if request.sha256:
        add_sha256(plan, gathered)
    if request.earlier_texts:
        from quetsach.sweeping.grown_logs import compare_beginnings

        compare_beginnings(plan.files, gathered.sources, request.earlier_texts)
    return ReadEvidence(plan, tools, gathered, _planted_rows(request, gathered), tokens)


def _looked_for(request: SweepRequest) -> IndicatorSet:
    if request.planted is None:
        return request.indicators
    from quetsach.sweeping.planted_rows import with_planted

    return with_planted(request.indicators, request.planted)


def _planted_rows(request: SweepRequest, gathered: GatheredEvidence) -> "Sequence[PlantedRow]":
    if request.planted is None:
        return ()
    from quetsach.sweeping.planted_rows import take_out_planted

    return take_out_planted(gathered, request.indicators)


def _results(
    request: SweepRequest,
    splits: list[Split],
    tools: WorkerTools,
    spool: Path,
    tell: Callable[[Problem], None],
) -> Iterator[SplitResult]:
    if request.engine == "spark":
        from quetsach.scanning.staged import new_staging
        from quetsach.sweeping.spark import run_spark

        staging = new_staging(spool / "staged")
        return run_spark(splits, tools.job, request.workers, staging, tell)
    return run_local(
        [split.read_here() for split in splits], tools, request.workers, request.small_bytes
    )


def _reported(
    results: Iterator[SplitResult], total: int, progress: Progress
) -> Iterator[SplitResult]:
    done = 0
    progress(done, total)
    for result in results:
        done += result.raw_bytes
        progress(done, total)
        yield result


@dataclass(frozen=True)
class LookedAtPart:
    """A part of logs that are read bit by bit: what was looked at in it, beside the whole logs.

    Shapes: `more` is told in the manifest.
    """

    counts: LineCounts
    bytes_read: int
    more: dict[str, Any]

    def summary(self) -> dict[str, Any]:
        """Return what the summary says of this part alone."""
        return {"bytes_read": self.bytes_read, **vars(self.counts)}


def write_findings(
    request: SweepRequest, read: ReadEvidence, folder: Path, part: LookedAtPart | None = None
) -> dict[str, Any]:
    """Write all files of a findings folder into `folder`, and return the summary."""
    plan, tools, gathered = read.plan, read.tools, read.gathered
    zone = ZoneInfo(request.options.zone)
    picture = gather_network(gathered, plan, tools, request.knowledge)
    confirming = take_out_confirming(gathered, picture.clocks.offsets_us)
    alive = alive_rows(gathered.sources, picture.hourly, zone, picture.clocks.offsets_us)
    with written_beside(folder / ALIVE, alive):
        fold = name_sightings(
            gathered.spools, gathered.sources, picture.naming(tools), folder / SIGHTINGS
        )
        devices = with_places(fold.to_json(zone, picture.because), request.knowledge)
        notes = [*picture.notes(), *years_away(gathered, picture.leases.notes())]
        coverage = {
            **coverage_json(gathered.sources, zone),
            "clocks": clocks_json(picture.clocks, gathered.sources, zone),
            "blind_spots": blind_spots_json(gathered, picture),
            "record_notes": record_notes_json(notes),
            **unasked_lists(fold.indicators_hit()),
            **unconfined_readers(plan.files),
        }
        pages = (devices, coverage, rejects_json(gathered.sources, gathered.rejects))
        for name, content in zip(PAGES, pages, strict=True):
            write_json(folder / name, content)
    totals = SummaryTotals(
        gathered.sources,
        _problems(request, read),
        request.indicators,
        fold.indicators_hit(),
        fold.keys_met(),
        files_set_aside(plan.set_aside, gathered.sources),
    )
    summary = {
        **summary_json(totals, devices),
        **({} if part is None else part.summary()),
        "record_notes": coverage["record_notes"],
        "clocks": [one for one in coverage["clocks"] if is_notable(one)],
        **zones_json(gathered.sources, zone),
        "without_hours": _without_hours(coverage["sources"]),
        "blind_spots": len({one["device"] for one in coverage["blind_spots"]}),
        "table_flaws": len(request.knowledge.flaws()),
        **unconfined_readers(plan.files),
        **_exam_json(request.exam, gathered),
        **_planted_json(request, read, folder),
        **_confirmed_json(confirming, zone, folder),
    }
    manifest = manifest_json(
        totals,
        {**_options_json(request.options, zone), **_maps_json(request.table_maps)},
        summary,
        folder,
        own_tables_json(request.knowledge),
    )
    manifest |= plugins_json(gathered.sources, request.indicators)
    manifest |= {} if part is None else part.more
    write_json(folder / MANIFEST, manifest)
    _write_report(folder, pages, manifest, zone)
    return summary


def _problems(request: SweepRequest, read: ReadEvidence) -> tuple[Problem, ...]:
    plan, gathered = read.plan, read.gathered
    problems = (
        *list_problems(request.indicators),
        *request.knowledge.problems,
        *plan.problems,
        *gathered.problems,
        *broken_promises(plan.files, gathered, request.knowledge),
        *unknown_forms(gathered.sources, [file.location for file in plan.files]),
        *broken_forms(gathered.sources),
        *plugin_problems(gathered.sources),
    )
    return (*problems, *no_log_at_all(request.evidence, gathered.sources, problems))


def _write_report(
    folder: Path, pages: Sequence[dict[str, Any]], manifest: dict[str, Any], zone: ZoneInfo
) -> None:
    from quetsach.html_report.limits import DEVICE_TABLE
    from quetsach.html_report.page import render

    devices, coverage, rejects = pages
    report = render(devices, coverage, rejects, manifest, language(), zone, DEVICE_TABLE)
    (folder / "report.html").write_text(report.html, encoding="utf-8")
    if report.is_cut:
        from quetsach.html_report.device_table import device_table

        (folder / DEVICE_TABLE).write_bytes(device_table(devices))


def _without_hours(sources: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the logs of which few lines tell what was looked at; coverage.json has `sources`."""
    from quetsach.html_report.coverage import lacks_hours

    return [
        {"path": one["path"], "lines": one["lines"], "without": one["lines_without_hour"]}
        for one in sources
        if one["duplicate_of"] is None and not one["set_aside"] and lacks_hours(one)
    ]


def _maps_json(maps: Sequence[TableMap]) -> dict[str, Any]:
    """Return the maps as they are read again to show a line."""
    return {"table_maps": msgspec.to_builtins(maps)} if maps else {}


def _exam_json(exam: "ExamStanding | None", gathered: GatheredEvidence) -> dict[str, Any]:
    if exam is None:
        return {}
    ends = (source.last_us for source in gathered.sources if source.last_us is not None)
    return {"exam": exam.to_json(max(ends, default=None))}


def _planted_json(request: SweepRequest, read: ReadEvidence, folder: Path) -> dict[str, Any]:
    """Write `planted.json`, if anything planted was looked for, and return what is summed up."""
    if request.planted is None:
        return {}
    from quetsach.sweeping.planted_rows import PLANTED_PAGE, planted_json, planted_summary

    zone = ZoneInfo(request.options.zone)
    sources, inside = read.gathered.sources, read.tools.inside
    page = planted_json(request.planted, read.planted, sources, zone, inside)
    write_json(folder / PLANTED_PAGE, page)
    return {"planted": planted_summary(page)}


def _options_json(options: ReadOptions, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "zone": options.zone,
        "zone_declared": options.zone_declared,
        "inside": list(options.inside),
        "accept_private": options.accept_private,
        **({"mask_persons": True} if options.mask_persons else {}),
        **({"accept_doubtful": options.accepted_doubtful} if options.accepted_doubtful else {}),
        "since": format_time(options.since_us, zone),
        "until": format_time(options.until_us, zone),
    }


def _confirmed_json(rows: Sequence[ConfirmingRow], zone: ZoneInfo, folder: Path) -> dict[str, Any]:
    """Write `confirmed.json`, if any record confirms another, and return what is summed up."""
    if not rows:
        return {}
    write_json(folder / CONFIRMED_PAGE, confirmed_json(rows, zone))
    return {"confirming": len(rows)}
