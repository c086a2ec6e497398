"""Tables of port block rules among the files that were named as translations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from quetsach.attribute.port_blocks import BlockRule, read_block_rules
from quetsach.errors import Problem
from quetsach.evidence.codecs import DamagedDataError, codec_of, unpacked
from quetsach.evidence.find import EvidenceFile, find_evidence
from quetsach.formats.contract import HEAD_BYTES

MOST_BYTES = 16 * 1024 * 1024
"""No table of rules is longer; what is longer is a log."""


@dataclass(frozen=True)
class PortRules:
    """The rules that were found, the files that hold them, and what was wrong with their rows."""

    rules: tuple[BlockRule, ...] = ()
    files: frozenset[Path] = frozenset()
    problems: tuple[Problem, ...] = ()


def rules_in(named: Sequence[str]) -> PortRules:
    """Return the rules of the tables among the files that `named` names; other files are passed by.

    Errors: none are raised; a file that cannot be read is told of where evidence is planned.
    """
    rules: list[BlockRule] = []
    files: set[Path] = set()
    problems: list[Problem] = []
    for file in find_evidence(named)[0]:
        if not _is_table(_first(file, HEAD_BYTES)):
            continue
        found, wrong = read_block_rules(_first(file, MOST_BYTES), file.shown)
        files.add(file.location.resolve())
        rules += found
        problems += wrong
    return PortRules(tuple(dict.fromkeys(rules)), frozenset(files), tuple(problems))


def _is_table(head: bytes) -> bool:
    rules, problems = read_block_rules(head, "")
    return bool(rules) or all(one.code != "E260" for one in problems)


def _first(file: EvidenceFile, limit: int) -> bytes:
    """Return the first unpacked bytes of a file, as far as they are sound."""
    data = b""
    try:
        for piece in _pieces(file):
            data += piece
            if len(data) >= limit:
                break
    except (OSError, DamagedDataError):
        return data[:limit]
    return data[:limit]


def _pieces(file: EvidenceFile) -> Iterator[bytes]:
    with file.location.open("rb") as opened:
        codec = codec_of(opened.read(HEAD_BYTES))
        opened.seek(0)
        yield from unpacked(opened, codec)
