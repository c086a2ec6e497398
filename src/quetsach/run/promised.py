"""Files named as leases or translations that turn out to hold none: that is told, not accepted."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from quetsach.errors import Problem
from quetsach.evidence.archives import BETWEEN
from quetsach.evidence.find import find_evidence
from quetsach.pipeline.plan import PlannedFile
from quetsach.run.gather import Gathered
from quetsach.run.knowledge import Knowledge


def broken_promises(
    files: Sequence[PlannedFile], gathered: Gathered, knowledge: Knowledge
) -> tuple[Problem, ...]:
    """Return a problem for each argument of --leases (E120) and --nat (E121) that holds none.

    A folder, a glob or an archive keeps its promise when one of its files does. What could not be
    read at all was told of already.
    """
    # Of files with the same bytes only the first keeps its rows.
    digests = {gathered.sources[number].sha256 for number, _ in gathered.lease_spools}
    leasing = {number for number, source in enumerate(gathered.sources) if source.sha256 in digests}
    translating = {
        number
        for number, file in enumerate(files)
        if file.layout.translates or file.location.resolve() in knowledge.rule_files
    }
    by_path: dict[Path, set[int]] = {}
    for number, file in enumerate(files):
        for path in _paths(file):
            by_path.setdefault(path, set()).add(number)
    own = knowledge.own
    return (
        *_broken("E120", own.leases, by_path, leasing),
        *_broken("E121", own.nat, by_path, translating),
    )


def _broken(
    code: str, named: Sequence[str], by_path: dict[Path, set[int]], keeping: set[int]
) -> Iterator[Problem]:
    for argument in named:
        numbers = {
            number
            for file in find_evidence([argument])[0]
            for number in by_path.get(file.location.resolve(), ())
        }
        if numbers and not numbers & keeping:
            yield Problem(code, argument)


def _paths(file: PlannedFile) -> Iterator[Path]:
    """Yield where a file lies, and every archive that it may have come out of."""
    yield file.location.resolve()
    parts = file.shown.split(BETWEEN)
    for count in range(1, len(parts)):
        yield Path(BETWEEN.join(parts[:count])).resolve()
