"""Where MISP's warning lists lie: in their package, else the part of them that is always there."""

import importlib.util
import lzma
from collections.abc import Sequence
from pathlib import Path

CORE_LISTS = Path(__file__).with_name("core-lists.jsonl.xz")
"""Those of MISP's lists that are always there, one a line; written by tools/core_lists.py."""

NOT_IN_CORE = frozenset({"benign-file", "top-million"})
"""The classes whose lists only the package of MISP's lists has: seven eighths of all entries."""


def misp_lists() -> Path:
    """Return the folder of MISP's warning lists in the package that brings them.

    Where that is not installed it is CORE_LISTS, which lacks those of NOT_IN_CORE.
    """
    spec = importlib.util.find_spec("pymispwarninglists")
    if spec is None or spec.origin is None:
        return CORE_LISTS
    return Path(spec.origin).parent / "data" / "misp-warninglists" / "lists"


def core_rows() -> list[bytes]:
    """Return each list of CORE_LISTS, as JSON of MISP's form.

    Cost: a twentieth of a second.
    """
    return lzma.decompress(CORE_LISTS.read_bytes()).split(b"\n")


def unasked_lists(met: Sequence[str]) -> dict[str, list[str]]:
    """Return, for findings with indicators `met`, the classes whose lists were not there to ask.

    Nothing where MISP's package is installed, or nothing was met.
    """
    is_whole = misp_lists() != CORE_LISTS
    return {} if is_whole or not met else {"unasked_lists": sorted(NOT_IN_CORE)}
