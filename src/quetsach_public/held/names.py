"""Which names lead here: the keys.tsv of a release, as `quetsach indicators convert` writes it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HEAD = "key\tkind\trule\t"
MOST_BYTES = 64 * 1024 * 1024
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_ADDRESS = re.compile(r"[0-9.]+|\[.*")


@dataclass(frozen=True)
class Names:
    """Listed names; each stands for those below it, too, where its rule says so."""

    below: Mapping[str, bool]

    def listed(self, host: str) -> str | None:
        """Return the listed name that `host` is or lies below, None for none."""
        parts = host.split(".")
        for place in range(len(parts)):
            name = ".".join(parts[place:])
            if (place == 0 and name in self.below) or self.below.get(name):
                return name
        return None


def read_names(path: Path) -> Names:
    """Return the names of a release: of its folder, or of the keys.tsv in it.

    Raises OSError, ValueError for what is none.
    """
    file = path / "keys.tsv" if path.is_dir() else path
    if file.stat().st_size > MOST_BYTES:
        raise ValueError(f"{file}: too large for a list of names")
    lines = file.read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0].startswith(HEAD):
        raise ValueError(f"{file}: this is no keys.tsv of a release")
    rows = (line.split("\t") for line in lines[1:])
    return Names({row[0]: row[2] == "below" for row in rows if len(row) > 2 and row[1] == "name"})


def host_of(header: object) -> str:
    """Return the name in a Host header in its plain form, "" for an address or what is no name.

    Whatever comes back holds letters, digits, dots, dashes and underscores alone.
    """
    text = str(header or "")[:300].strip().lower()
    if _ADDRESS.fullmatch(text.partition(":")[0]) or text.startswith("["):
        return ""
    name = text.partition(":")[0].rstrip(".")
    return name if _NAME.fullmatch(name) else ""
