"""Differences that are no errors: the same word means another thing here and there, with a reason.

The table is `tests/real/definitional.toml`: product, test, field, the digests of both values, and
the reason. An entry holds only for these two values: a reading that changes is judged anew.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools.scoreboard.judge import Judgement
from tools.scoreboard.pairs import REPOSITORY

FILE = REPOSITORY / "tests" / "real" / "definitional.toml"


@dataclass
class Definitional:
    """The table: reasons by product, test and field, with the digests of ours and theirs."""

    reasons: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    digests: Mapping[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)

    def holds(self, judgement: Judgement) -> bool:
        """Return whether `judgement` is such a difference, with these very values."""
        return self.digests.get(judgement.key) == judgement.digests


def read_definitional(path: Path = FILE) -> Definitional:
    """Return the table in the file `path`; an empty one where there is no file."""
    rows = tomllib.loads(path.read_text("utf-8")).get("difference", []) if path.is_file() else []
    keys = [(str(row["product"]), str(row["test"]), str(row["field"])) for row in rows]
    return Definitional(
        {key: str(row["reason"]) for key, row in zip(keys, rows, strict=True)},
        {key: (str(row["ours"]), str(row["theirs"])) for key, row in zip(keys, rows, strict=True)},
    )
