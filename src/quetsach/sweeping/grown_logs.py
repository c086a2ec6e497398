"""Which of the texts that were read before a log of this sweep begins with.

Only files whose first line is that of a known text, and which are longer, are read once more.
"""

from collections import defaultdict
from collections.abc import Sequence

from quetsach.containers.refusal import DamagedDataError
from quetsach.evidence.beginnings import KnownText, chains_at
from quetsach.evidence.storage import ShrunkError
from quetsach.findings.coverage import SourceCoverage
from quetsach.scanning.plan import PlannedFile


def compare_beginnings(
    files: Sequence[PlannedFile],
    sources: Sequence[SourceCoverage],
    earlier_texts: Sequence[KnownText],
) -> None:
    """Tell each source with which of `earlier_texts` it was compared, and with which it begins.

    What cannot be read once more was compared with none.
    Cost: one more pass over the beginning of a file that may have grown.
    """
    by_head: defaultdict[str, set[KnownText]] = defaultdict(set)
    for text in earlier_texts:
        by_head[text.head].add(text)
    for file, source in zip(files, sources, strict=True):
        shorter = [one for one in by_head.get(file.head, ()) if one.length < source.text_bytes]
        if not shorter or source.duplicate_of is not None:
            continue
        shorter.sort(key=lambda one: (one.length, one.chain))
        lengths = [one.length for one in shorter]
        try:
            chains = chains_at(lengths, file.location, file.codec, file.line_ends, file.stored)
        except (OSError, DamagedDataError, ShrunkError):
            # Its scan told what is wrong with it, or it went away since.
            continue
        source.compared_with = [one for one in shorter if one.length in chains]
        source.begins_with = frozenset(
            one for one in source.compared_with if chains[one.length] == one.chain
        )
