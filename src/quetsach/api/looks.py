"""Which machines collections of quetsach-collect show, and the scripts that make them."""

from collections.abc import Sequence
from pathlib import Path

from quetsach.blocklists.planted_scripts import COLLECTORS as COLLECTORS
from quetsach.blocklists.planted_scripts import script_bytes as script_bytes
from quetsach.evidence.archives import open_archives
from quetsach.evidence.find import find_evidence
from quetsach.sweeping.collected_looks import MOST_BYTES, looks_of
from quetsach.sweeping.collected_looks import CollectedLook as CollectedLook

MOST_LOOKS = 500
"""So many collections of one hand-in are told; more are counted."""


def looks_in(paths: Sequence[str], spool: Path) -> tuple[tuple[CollectedLook, ...], int]:
    """Return the looks that the files at `paths` hold, in order, and how many more there are.

    Archives are unpacked below `spool`, within the bounds of all evidence. A file or an archive of
    more than 32 MiB is no collection. Cost: each small archive is unpacked once.
    Errors: OSError when `spool` cannot be written.
    """
    files, _problems = find_evidence(paths)
    small = [file for file in files if file.size <= MOST_BYTES]
    # What is refused or damaged is told by the sweep itself, which opens the same files.
    opened, _refused = open_archives(small, (), spool)
    looks = looks_of(opened)
    return tuple(looks[:MOST_LOOKS]), max(0, len(looks) - MOST_LOOKS)
