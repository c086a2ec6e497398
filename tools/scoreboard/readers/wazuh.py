"""Lines of a rule set's own tests: what is known of each is the product that wrote it."""

import re
from collections.abc import Iterator
from pathlib import Path

from tools.scoreboard.normal import KNOWN
from tools.scoreboard.pairs import Expectation, Pair

SOURCE = "wazuh"

_LOG = re.compile(r"^log \d+ (?:pass|fail) = (.+)$")
_DECODER = re.compile(r"^decoder\s*=\s*(\S+)")


def read(folder: Path) -> Iterator[Pair]:
    """Yield the pairs below `folder`, the folder of expectations."""
    for path in sorted((folder / SOURCE).glob("*.ini")):
        for number, (line, decoder) in enumerate(_lines(path)):
            expected = (Expectation({KNOWN: decoder}),)
            yield Pair(SOURCE, path.stem, str(number), line.encode(), expected, path)


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each line with the decoder that its test names."""
    waiting: list[str] = []
    for line in path.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        if log := _LOG.match(line):
            waiting.append(log[1].encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
        elif decoder := _DECODER.match(line):
            yield from ((one, decoder[1]) for one in waiting)
            waiting = []
