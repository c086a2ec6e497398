"""Packed and binary evidence turned into lines that can be swept, by a decoder in the sandbox.

A file keeps its name and its digest; what is swept is its rendering in the spool. The same file
gives the same rendering, so that a line of it is capture again by rendering it anew.
"""

import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import msgspec

from quetsach.atomic_files import set_modified
from quetsach.captures.act import ACT, RenderResult, RenderTask
from quetsach.captures.contract import Decoder, UnreadReason
from quetsach.captures.registry import HEAD_BYTES, IN_OUR_WORDS, decoder_for
from quetsach.errors.exceptions import Problem
from quetsach.evidence.archives import SWELLS_BY, SWELLS_TO
from quetsach.evidence.digests import blake3_of_file
from quetsach.evidence.find import MANIFEST, EvidenceFile, RenderedFrom
from quetsach.extras import missing_in
from quetsach.sandbox.contract import (
    EndedFromOutside,
    SandboxFailed,
    SandboxFailure,
    SandboxLimits,
)
from quetsach.texts import _

SMALL_BYTES = 8 << 20
"""Files up to this size in all are rendered by one process."""

MOST_AT_ONCE = 500
MOST_BESIDE = 200
"""So many other files of a folder are looked into for what they say of one file."""

_MEMORY_BYTES = 4 << 30
_SECONDS = 120.0
_BYTES_A_SECOND = 1 << 20
_LONGEST_SECONDS = 4 * 3600.0
_ANSWER_BYTES = 4 << 20
_KEPT_FREE = 1 << 30


@dataclass(frozen=True)
class _Capture:
    """A file that a decoder knows, and its place in the evidence."""

    place: int
    file: EvidenceFile
    decoder: Decoder
    beside: tuple[EvidenceFile, ...] = ()


def render_evidence(
    files: Sequence[EvidenceFile], problems: Sequence[Problem], spool: Path
) -> tuple[list[EvidenceFile], list[Problem]]:
    """Return `files` with each that a decoder knows replaced by its rendering, and all problems.

    Order: that of `files`. Shapes: renderings lie under `spool`.
    Errors: OSError when `spool` cannot be written.
    Cost: a process in the sandbox for each file that is not small, and for each 8 MiB of the rest.
    """
    captures = _with_beside(
        [capture for place, file in enumerate(files) if (capture := _known(place, file))]
    )
    rendered: list[EvidenceFile | None] = list(files)
    all_problems = list(problems)
    for number, batch in enumerate(_batches(captures)):
        folder = spool / f"rendered-{number}"
        folder.mkdir(parents=True)
        for capture, (file, told) in zip(batch, _render(batch, folder), strict=True):
            rendered[capture.place] = file
            all_problems += told
    return [file for file in rendered if file is not None], all_problems


def rendered_again(
    file: EvidenceFile, folder: Path, others: Collection[EvidenceFile] = ()
) -> Path | None:
    """Return the rendering of one file, None where no decoder knows it or it has no lines.

    Shapes: `others` are the other files of its sweep, of those that lie in the same folder.
    Errors: OSError when `folder` cannot be written.
    """
    captures = [
        capture for place, each in enumerate((file, *others)) if (capture := _known(place, each))
    ]
    if not captures or captures[0].place:
        return None
    rendered, _problems = _render([_with_beside(captures)[0]], folder)[0]
    return None if rendered is None else rendered.location


def wants_beside(file: EvidenceFile) -> bool:
    """Return whether other files of its folder say how this one is read."""
    capture = _known(0, file)
    return capture is not None and capture.decoder.wants_beside


def decoder_kind(file: EvidenceFile) -> str | None:
    """Return the kind of the decoder that knows this file, None where none does."""
    capture = _known(0, file)
    return None if capture is None else capture.decoder.kind


def folder_of(shown: str) -> str:
    """Return the folder of a file as it was shown, that in an archive included."""
    return shown[: max(shown.rfind("/"), shown.rfind("!"), shown.rfind("\\")) + 1]


def _known(place: int, file: EvidenceFile) -> _Capture | None:
    """Return the file if a decoder knows it. What cannot be read is told by the plan."""
    if file.size == 0 or file.location.name == MANIFEST or file.shown.endswith(f"/{MANIFEST}"):
        return None
    try:
        decoder = decoder_for(file.location, file.shown)
    except OSError:
        return None
    return None if decoder is None else _Capture(place, file, decoder)


def _with_beside(captures: Sequence[_Capture]) -> list[_Capture]:
    """Return the files, each with those beside it that its decoder wants."""
    folders: dict[tuple[str, str], list[EvidenceFile]] = {}
    for capture in captures:
        if capture.decoder.wants_beside:
            key = (capture.decoder.kind, folder_of(capture.file.shown))
            folders.setdefault(key, []).append(capture.file)
    # By name, so that it does not matter in which order they were named.
    for beside in folders.values():
        beside.sort(key=lambda file: file.shown)
    return [
        replace(
            capture,
            beside=tuple(
                file
                for file in islice(
                    folders.get((capture.decoder.kind, folder_of(capture.file.shown)), ()),
                    MOST_BESIDE,
                )
                if file.shown != capture.file.shown
            ),
        )
        for capture in captures
    ]


def _batches(captures: Sequence[_Capture]) -> Iterator[list[_Capture]]:
    """Yield large files alone, small ones together."""
    batch: list[_Capture] = []
    size = 0
    for capture in captures:
        if capture.file.size > SMALL_BYTES:
            yield [capture]
            continue
        if size + capture.file.size > SMALL_BYTES or len(batch) == MOST_AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append(capture)
        size += capture.file.size
    if batch:
        yield batch


def _render(
    batch: Sequence[_Capture], folder: Path
) -> list[tuple[EvidenceFile | None, list[Problem]]]:
    """Return each file's rendering and problems; a file that ends the process costs only itself."""
    tasks = [_task(capture, folder, number) for number, capture in enumerate(batch)]
    try:
        results = _run(tasks, folder, sum(capture.file.size for capture in batch))
    except (SandboxFailed, EndedFromOutside) as error:
        if len(batch) > 1:
            return [_render([capture], _fresh(folder, n))[0] for n, capture in enumerate(batch)]
        return [_broken(batch[0], Path(tasks[0].target), error)]
    return [
        _believed(capture, Path(task.target), result)
        for capture, task, result in zip(batch, tasks, results, strict=True)
    ]


def _fresh(folder: Path, number: int) -> Path:
    alone = folder / f"alone-{number}"
    alone.mkdir()
    return alone


def _task(capture: _Capture, folder: Path, number: int) -> RenderTask:
    free = max(shutil.disk_usage(folder).free - _KEPT_FREE, 0)
    return RenderTask(
        kind=capture.decoder.kind,
        source=os.path.abspath(capture.file.location),  # noqa: PTH100 - a link stays a link
        name=capture.file.shown,
        target=os.path.abspath(folder / f"{number}.ndjson"),  # noqa: PTH100
        most_bytes=min(free // 2, SWELLS_TO + SWELLS_BY * capture.file.size),
        beside=tuple(os.path.abspath(file.location) for file in capture.beside),  # noqa: PTH100
        beside_names=tuple(file.shown for file in capture.beside),
    )


def _run(tasks: Sequence[RenderTask], folder: Path, size: int) -> list[RenderResult]:
    """Errors: SandboxFailed; EndedFromOutside."""
    from quetsach.sandbox.run import run

    limits = SandboxLimits(
        memory=_MEMORY_BYTES,
        seconds=min(_LONGEST_SECONDS, _SECONDS + size / _BYTES_A_SECOND),
        file_bytes=max(task.most_bytes for task in tasks),
        answer=_ANSWER_BYTES,
    )
    reads = {path for task in tasks for path in (task.source, *task.beside)}
    raw = run(
        ACT,
        msgspec.json.encode(list(tasks)),
        limits=limits,
        reads=sorted(reads),
        folder=Path(os.path.abspath(folder)),  # noqa: PTH100
    )
    try:
        results = msgspec.json.decode(raw, type=list[RenderResult])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise SandboxFailed(SandboxFailure.BROKE, type(error).__name__) from error
    if len(results) != len(tasks):
        raise SandboxFailed(SandboxFailure.BROKE, "answer")
    return results


def _believed(
    capture: _Capture, target: Path, result: RenderResult
) -> tuple[EvidenceFile | None, list[Problem]]:
    """Return the rendering; of the answer nothing is taken but figures and known reasons."""
    problems = [
        Problem("E123", capture.file.shown, {"count": count, "reason": _(UnreadReason[name].value)})
        for name, count in result.unread.items()
        if name in UnreadReason.__members__ and count > 0
    ]
    if result.broke_at is not None:
        problems.append(Problem("E106", capture.file.shown, {"offset": result.broke_at}))
    if result.too_much:
        problems.append(Problem("E117", capture.file.shown))
    rendered = _rendering(capture, target)
    if rendered is None and not problems:
        problems.append(Problem("E122", capture.file.shown, {"kind": capture.decoder.kind}))
    return rendered, problems


def _broken(
    capture: _Capture, target: Path, error: SandboxFailed | EndedFromOutside
) -> tuple[EvidenceFile | None, list[Problem]]:
    """Return what was rendered before the process ended, in whole lines."""
    if isinstance(error, SandboxFailed):
        missing = missing_in(error.last_line, capture.file.shown)
        if missing is not None:
            return None, [missing.problem]
    failure = error.failure if isinstance(error, SandboxFailed) else SandboxFailure.MEMORY
    reasons = {
        SandboxFailure.TIME: _("it takes too long"),
        SandboxFailure.MEMORY: _("it needs too much memory"),
        SandboxFailure.BROKE: _(UnreadReason.BROKE_OFF.value),
    }
    if target.exists():
        _cut_to_lines(target)
    problem = Problem("E124", capture.file.shown, {"reason": reasons[failure]})
    return _rendering(capture, target), [problem]


def _cut_to_lines(target: Path) -> None:
    with target.open("r+b") as file:
        end = file.seek(0, os.SEEK_END)
        while end > 0:
            start = max(end - HEAD_BYTES, 0)
            file.seek(start)
            newline = file.read(end - start).rfind(b"\n")
            if newline >= 0:
                file.truncate(start + newline + 1)
                return
            end = start
        file.truncate(0)


def _rendering(capture: _Capture, target: Path) -> EvidenceFile | None:
    size = target.stat().st_size if target.exists() else 0
    if not size:
        return None
    file = capture.file
    # Tables without a time of their own are dated by their file.
    set_modified(target, file.location.stat().st_mtime)
    origin = RenderedFrom(
        capture.decoder.kind,
        file.location,
        blake3_of_file(file.location),
        file.size,
        ours=capture.decoder.kind in IN_OUR_WORDS,
    )
    return EvidenceFile(file.shown, target, size, origin)
