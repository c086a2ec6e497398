"""All readers of pairs."""

from collections.abc import Callable, Iterator
from pathlib import Path

from tools.scoreboard.pairs import Pair
from tools.scoreboard.readers import captures, crowdsec, netflow, sekoia, tables, wazuh

READERS: tuple[Callable[[Path], Iterator[Pair]], ...] = (
    sekoia.read,
    crowdsec.read,
    wazuh.read,
    tables.read_ntc,
    tables.read_jc,
    netflow.read,
    captures.read_suricata,
    captures.read_arkime,
    captures.read_ndpi,
)


def read_pairs(data: Path) -> list[Pair]:
    """Return all pairs of the data set in the folder `data`, in a fixed order."""
    return [pair for read in READERS for pair in read(data / "expected")]
