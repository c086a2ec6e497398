"""One small script a machine, for sh and for PowerShell, that makes its connections of an exam."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from quetsach.exams.truth import ExamTruth, Occasion

SHELL, POWERSHELL, LAUNCHER = "connect.sh", "connect.ps1", "connect.cmd"
KINDS = (SHELL, POWERSHELL, LAUNCHER)

LATE_S = 600
"""How long after its moment a script still connects; what is later is left out. In seconds."""

_ENDINGS = {SHELL: ".sh", POWERSHELL: ".ps1", LAUNCHER: ".cmd"}
_CALLS = {
    SHELL: "go {when_s} {mark} {port}",
    POWERSHELL: "Invoke-Occasion {when_s} '{mark}' {port}",
}
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9-]+")


def scripts_of(truth: ExamTruth, exam: str) -> Iterator[tuple[str, bytes]]:
    """Yield file name and content of every machine's scripts, in the order of the machines.

    Nothing of a script comes from a table but a name of plain letters, so that no cell of an
    inventory becomes a command or a path.
    """
    by_machine: dict[int, list[Occasion]] = defaultdict(list)
    for occasion in truth.occasions:
        by_machine[occasion.machine].append(occasion)
    for place in sorted(by_machine):
        occasions = sorted(by_machine[place], key=lambda occasion: occasion.when_s)
        for kind in KINDS:
            name = script_name(truth, place, kind)
            yield name, _script(truth, exam, name, kind, occasions)


def script_name(truth: ExamTruth, place: int, kind: str) -> str:
    """Return the name of a machine's script: its number in the exam, and its name in letters."""
    return f"{place + 1:04d}-{_plain(truth, place)}{_ENDINGS[kind]}"


def _plain(truth: ExamTruth, place: int) -> str:
    machine = truth.machines[place]
    return _NOT_PLAIN.sub("-", machine.name or machine.key)[:40].strip("-") or "machine"


def _script(truth: ExamTruth, exam: str, name: str, kind: str, occasions: list[Occasion]) -> bytes:
    place = occasions[0].machine
    call = _CALLS.get(kind, "")
    calls = (
        call.format(when_s=occasion.when_s, mark=occasion.mark, port=occasion.port)
        for occasion in occasions
    )
    facts = {
        "EXAM": exam,
        "NUMBER": str(place + 1),
        "MACHINE": _plain(truth, place),
        "FILE": name,
        "DOMAIN": truth.domain,
        "SERVER": truth.server,
        "PORT": str(truth.server_port),
        "OCCASIONS": "\n".join(calls),
    }
    text = re.sub(r"@([A-Z]+)@", lambda place: facts[place[1]], _template(kind))
    # Notepad, PowerShell of old and above all cmd.exe want their own line ends.
    return (text if kind == SHELL else text.replace("\n", "\r\n")).encode("ascii")


@cache
def _template(kind: str) -> str:
    return (files("quetsach.exams") / "templates" / kind).read_text(encoding="ascii")
