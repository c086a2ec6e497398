"""The options that say what is looked for and whose network it is, as one request."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quetsach.api.sweeps import OwnTables
    from quetsach.sweeping.sweep import SweepRequest

_SAME = (*("lists", "allow", "decisions", "accept_doubtful", "zone", "inside", "accept_private"),)
"""The options of one name here and in `sweep_request`."""


def own_tables_of(options: Mapping[str, Any]) -> "OwnTables":
    """Return the office's own tables that the options name."""
    from quetsach.api.sweeps import OwnTables

    names = ("leases", "nat", "inventory", "plan", "public", "overrides")
    return OwnTables(**{name: options[name] for name in names})


def request_of(
    options: Mapping[str, Any], evidence: Sequence[str], list_cache: Path | None, **more: Any
) -> "SweepRequest":
    """Return what a command with these options asks for, read and checked.

    Shapes: `options` are those of a command, by their names; `more` are others of `sweep_request`.
    Errors: as `sweep_request`.
    """
    from quetsach.api.sweeps import sweep_request

    return sweep_request(
        evidence=evidence,
        own=own_tables_of(options),
        sources=options["sources"] or (),
        list_cache=list_cache,
        **{name: options[name] for name in _SAME},
        **more,
    )
