"""Take in findings that a unit made at home, after everything in them was held against itself.

Runs in the sandbox. The order: unpack safely, examine every row, then version and signature. What
fails is told by a code, and nothing of it is kept.
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from quetsach import api
from quetsach_portal.intake.boundary import FINDINGS, Outcome, Task, refusal
from quetsach_portal.intake.summing_up import clean, outcome_of
from quetsach_portal.intake.unpack import MANIFEST, MOST_OF, NotTaken, unpack

_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})\Z")


@dataclass(frozen=True)
class Vouched:
    """What vouches for findings: how far, by whose key, and which files no signature covers."""

    trust: str
    by: str
    uncovered: tuple[str, ...]


def take_in(task: Task, today: date) -> Outcome:
    """Return what the findings in `task.archive` say, now unpacked in the folder `findings`."""
    folder = Path(FINDINGS)
    try:
        unpack(Path(task.archive), folder)
        examined = api.examine_findings(folder)
        if not is_known(examined.manifest.version):
            version = clean(examined.manifest.version, 40)
            raise NotTaken("H104", version=version, ours=api.__version__)
        vouched = _vouched(task, folder)
        _read_as_cases_do(folder)
    except NotTaken as told:
        return refusal(told.code, told.where, **told.facts)
    left_out = _drop_uncovered(folder, vouched)
    return outcome_of(
        examined, today=today, trust=vouched.trust, signed_by=vouched.by, left_out=left_out
    )


def _read_as_cases_do(folder: Path) -> None:
    # What cannot be read there must not come so far: cases read all findings of a unit together.
    api.devices_in(api.read_folder(folder))
    api.known_of([folder])


def is_known(version: str) -> bool:
    """Tell whether this version, or an earlier one, writes findings of that version."""
    theirs, ours = _VERSION.match(version), _VERSION.match(api.__version__)
    if theirs is None or ours is None:
        return False
    return tuple(map(int, theirs.groups())) <= tuple(map(int, ours.groups()))


def _vouched(task: Task, folder: Path) -> Vouched:
    verdict = api.verify(folder, keys=_key_files(task)).verdict
    if verdict is None or verdict.state == "altered":
        faults = verdict.faults if verdict is not None else ()
        raise NotTaken("H105", reason=clean("; ".join(faults[:3])))
    if verdict.state == "trusted":
        by = next(one for one in verdict.signers if one.trusted)
        return Vouched("signed", clean(f"{by.owner} {by.key_id}".strip()), verdict.uncovered)
    if not task.unsigned_allowed:
        raise NotTaken("H106" if verdict.state == "unsigned" else "H107")
    by_unknown = ", ".join(clean(one.key_id, 20) for one in verdict.signers[:3])
    return Vouched(str(verdict.state), by_unknown, verdict.uncovered)


def _key_files(task: Task) -> list[Path]:
    folder = Path("keys")
    folder.mkdir()
    paths = []
    for number, pem in enumerate(task.keys):
        path = folder / f"{number}.pem"
        path.write_text(pem, encoding="utf-8")
        paths.append(path)
    return paths


def _drop_uncovered(folder: Path, vouched: Vouched) -> tuple[str, ...]:
    """Remove what nothing vouches for; return the names that people may miss."""
    kept = {*MOST_OF, MANIFEST}
    if vouched.trust == "signed":
        kept -= {"report.html"}
    dropped = [name for name in vouched.uncovered if name not in kept]
    for name in dropped:
        (folder / name).unlink()
    return tuple(clean(name) for name in dropped[:20])
