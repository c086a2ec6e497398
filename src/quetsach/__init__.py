"""The engine of quetsach: evidence in, findings out.

For notebooks and other programs: `quetsach.sweep`, `read_findings`, `read_list`, `who`,
`who_each`, `trace`, `parse`, `use_language`; see docs/python.md.
"""

from importlib import import_module  # noqa: TID251 - see __getattr__
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quetsach.library import (
        DeviceDict,
        FindingsFolder,
        IndicatorList,
        NotBlamedDict,
        ParsedText,
        QuetsachError,
        RefusedDict,
        UnreadDict,
        WhoDict,
        parse,
        read_findings,
        read_list,
        sweep,
        trace,
        use_language,
        who,
        who_each,
    )

__version__ = "0.1.0"

__all__ = [
    "DeviceDict",
    "FindingsFolder",
    "IndicatorList",
    "NotBlamedDict",
    "ParsedText",
    "QuetsachError",
    "RefusedDict",
    "UnreadDict",
    "WhoDict",
    "__version__",
    "parse",
    "read_findings",
    "read_list",
    "sweep",
    "trace",
    "use_language",
    "who",
    "who_each",
]


# Not for type checkers: to them every name would be one, a misspelt one too.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load the interface when a name of it is first asked for: commands never need it."""
        if name in __all__:
            # No import of a layer above: only who asks for a name loads it.
            return getattr(import_module(f"{__name__}.library"), name)
        raise AttributeError(f"module 'quetsach' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
