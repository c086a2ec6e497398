"""Read one document: `python -m bench.reading FILE`; run by bench.papers.

It prints how much was read, and the memory and processor time of the process that reads.
"""

import json
import resource
import sys
from pathlib import Path

from quetsach.readers.read import read_paper


def main(path: Path) -> None:
    """Print {"blocks": count, "peak_mb": most memory, "cpu": seconds}."""
    paper = read_paper(path.read_bytes(), path.name)
    assert not paper.problems, paper.problems
    # That of the reader alone: what this process was forked from counts as its own.
    reader = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = resource.getrusage(resource.RUSAGE_SELF)
    cpu = sum(one.ru_utime + one.ru_stime for one in (reader, own))
    said = {"blocks": len(paper.blocks), "peak_mb": reader.ru_maxrss * 1024 / 1e6, "cpu": cpu}
    print(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
