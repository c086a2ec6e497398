"""Each target's turn in a process of its own: what ends it is a flaw of its input."""

import logging
import multiprocessing
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from bench.fuzz.as_file import forget_folder
from bench.fuzz.bounds import InputInWork
from bench.fuzz.running import FuzzTurn, Share, TurnFigures
from bench.fuzz.target import FuzzTarget
from bench.fuzz.targets.papers import leave_out_sandbox

_SILENT_SECONDS = 120.0
"""So long a process may stay with one input by the clock on the wall: it may have to wait."""

_FORKED = multiprocessing.get_context("fork")


def take_turn(target: FuzzTarget, seed: int, share: Share, folder: Path) -> TurnFigures:
    """Return what a turn of `target` did; a dead or silent process is a flaw among them."""
    folder.mkdir(parents=True, exist_ok=True)
    _load(target)
    in_work = InputInWork(folder / f"{target.name}.in-work")
    turn = FuzzTurn(target, seed, folder, in_work)
    answers, answer = _FORKED.Pipe(duplex=False)
    process = _FORKED.Process(target=_run, args=(turn, share, answer))
    started = time.monotonic()
    process.start()
    answer.close()
    figures, since, number = None, started, -1
    while figures is None and process.is_alive():
        if answers.poll(1.0):
            figures = _received(answers)
            break
        if in_work.number != number:
            since, number = time.monotonic(), in_work.number
        elif time.monotonic() - since > _SILENT_SECONDS:
            process.kill()
    if figures is None and answers.poll():
        figures = _received(answers)
    process.join(10.0)
    forget_folder(process.pid)
    if figures is None:
        figures = _broken_off(turn, process.exitcode, time.monotonic() - started)
    (folder / f"{target.name}.in-work").unlink(missing_ok=True)
    return figures


def _load(target: FuzzTarget) -> None:
    """Read a sample here: what is loaded for it is there already in the processes that follow."""
    for content in target.samples()[:1]:
        with suppress(Exception):
            target.read(content)


def _run(turn: FuzzTurn, share: Share, answer: Connection) -> None:
    # Libraries log what they find wrong, which here is everything.
    logging.disable(logging.CRITICAL)
    leave_out_sandbox()
    answer.send(turn.run(share))


def _received(answers: Connection) -> TurnFigures | None:
    try:
        figures = answers.recv()
    except EOFError:
        return None
    return figures if isinstance(figures, TurnFigures) else None


def _broken_off(turn: FuzzTurn, code: int | None, seconds: float) -> TurnFigures:
    """Return the figures of a turn whose process was ended, with the input that it worked on."""
    name = f"the process ended with {code}"
    path = turn.folder / "flaws" / turn.target.name / f"ended-{turn.seed}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".input").write_bytes(turn.in_work.content)
    path.with_suffix(".txt").write_text(f"{name}, input {turn.in_work.number}\n", encoding="utf-8")
    print(f"FLAW {turn.target.name} --seed {turn.seed}: {name} ({path}.input)", flush=True)
    return TurnFigures(turn.in_work.number, round(seconds, 1), flaws={name: str(path)})
