"""The fault simulator catches a program that writes in place, and passes one that writes aside."""

from pathlib import Path

import pytest

from tools.faults.judging import FaultOutcome
from tools.faults.shim import NoCompilerError, compiled_shim
from tools.faults.sites import Fault, faults_at, role_of
from tools.faults.trying import TriedFault, TriedProgram, python_words, try_faults, undisturbed

_HEAD = "import os, sys\nsys.tracebacklimit = 0\n"
_IN_PLACE = """
try:
    with open("out.txt", "wb", buffering=0) as file:
        file.write(b"first ")
        file.write(b"second")
except OSError:
    sys.exit("E302 not written")
"""
_ASIDE = """
try:
    with open(".out.part", "wb") as file:
        file.write(b"first second")
        file.flush()
        os.fsync(file.fileno())
    os.replace(".out.part", "out.txt")
except OSError:
    if os.path.exists(".out.part"):
        os.unlink(".out.part")
    print("E302 not written", file=sys.stderr)
    sys.exit(2)
"""


@pytest.fixture(autouse=True)
def _with_compiler() -> None:
    try:
        compiled_shim()
    except NoCompilerError as error:
        pytest.skip(str(error))


def _tried(folder: Path, source: str, *asked: Fault) -> dict[str, TriedFault]:
    template = folder / "template"
    template.mkdir()
    program = TriedProgram(python_words("-S", "-E", "-c", _HEAD + source), template)
    right = undisturbed(program, folder)
    faults = asked or tuple(faults_at(right.run.sites))
    return {str(tried.fault): tried for tried in try_faults(program, faults, right, folder)}


def test_a_program_that_writes_in_place_is_caught(tmp_path: Path) -> None:
    full, dead = (Fault("write", "out.txt", 2, kind) for kind in ("ENOSPC+", "kill"))
    tried = _tried(tmp_path, _IN_PLACE, full, dead)
    assert "half: out.txt" in tried[str(full)].broken
    assert "half: out.txt" in tried[str(dead)].broken


def test_a_program_that_writes_aside_keeps_its_promises(tmp_path: Path) -> None:
    tried = _tried(tmp_path, _ASIDE)
    kinds = {(name.split()[0], each.fault.kind): each for name, each in tried.items()}
    assert {"create", "write", "fsync", "close", "rename"} <= {call for call, _kind in kinds}
    assert kinds["write", "ENOSPC+"].outcome is FaultOutcome.REFUSED
    assert kinds["write", "EINTR"].outcome is FaultOutcome.WHOLE
    assert kinds["write", "short"].outcome is FaultOutcome.WHOLE
    assert kinds["rename", "kill"].outcome is FaultOutcome.KILLED
    assert not [each for each in tried.values() if each.broken]


def test_names_that_differ_from_run_to_run_are_one_role() -> None:
    assert role_of("out/.f.partial-0123456789ab/a.json") == "out/.f.partial-*/a.json"
    assert role_of("store/.a1b2.jsonl.4711.partial") == "store/.a1b2.jsonl.*.partial"
    assert role_of("tmp/quetsach-ab12cd_3/list.txt") == "tmp/quetsach-*/list.txt"
    assert role_of("tmp/tmpab12cd_3") == "tmp/tmp*"
    assert role_of("in/ev/[a].log") == "in/ev/\\[a].log"
