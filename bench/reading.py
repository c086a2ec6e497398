"""Read one document: `python -m bench.reading FILE`; run by bench.papers."""

import sys
from pathlib import Path

from quetsach.papers.read import read_paper

if __name__ == "__main__":
    path = Path(sys.argv[1])
    paper = read_paper(path.read_bytes(), path.name)
    assert not paper.problems, paper.problems
    print(len(paper.blocks))
