"""Why a container, or a file in it, is refused: a code and its facts.

A refusal has no visible text. Whoever reads a container maps each code to a problem of its own;
the reasons that the engine's problems show are in `wording`.
"""

from enum import StrEnum
from typing import Any


class RefusalCode(StrEnum):
    """What is wrong; `facts` of the refusal are named beside each code."""

    DAMAGED = "damaged"
    """It cannot be read; `detail` is the library's own text, for a log."""

    CUT_OFF = "cut-off"
    """It ends too early."""

    ENCRYPTED = "encrypted"
    """It is locked with a password; `member`."""

    SWELLS = "swells"
    """It unpacks to more than `limit` bytes; `member`."""

    TOO_LARGE = "too-large"
    """One part that must be short has more than `limit` bytes; `member`."""

    TOO_MANY = "too-many"
    """It holds more than `limit` files."""

    TOO_COMPLEX = "too-complex"
    """XML is nested too deeply, or has too many elements or attributes; `member`."""

    NESTED = "nested"
    """`member` is itself an archive, or a packed stream within one."""

    UNSAFE_NAME = "unsafe-name"
    """The name of `member` is unsafe; `flaw` is a NameFlaw."""

    DUPLICATE = "duplicate"
    """A second file is called `member`."""

    LINK = "link"
    """`member` is a link."""

    SPECIAL_FILE = "special-file"
    """`member` is a device, a pipe, a sparse file or another special file."""

    CONTRADICTION = "contradiction"
    """The list of files and the files disagree at `member`, or bytes belong to no file."""

    METHOD = "method"
    """`member` is packed by the uncommon method `number`."""

    DOCUMENT_TYPE = "document-type"
    """XML has a document type or defines entities; `member`."""


class ContainerRefused(Exception):  # noqa: N818 - a refusal is no error of the program
    """A container or a file in it is refused; `code` says why, `facts` say where."""

    def __init__(self, code: RefusalCode, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        listed = ", ".join(f"{name}={fact}" for name, fact in self.facts.items() if fact != "")
        return f"{self.code} ({listed})" if listed else str(self.code)


class DamagedDataError(ContainerRefused):
    """Packed data break off or are damaged; what was unpacked before is good."""

    def __init__(self, detail: str = "", *, code: RefusalCode = RefusalCode.DAMAGED) -> None:
        super().__init__(code, detail=detail)


def cut_off(detail: str = "") -> DamagedDataError:
    """Return the error for data that end too early."""
    return DamagedDataError(detail, code=RefusalCode.CUT_OFF)
