"""Why a container, or a file in it, is refused: a code and its facts.

Whoever reads a container maps each code to a problem of its own. The engine's problems show
`reason_of`; the portal has whole sentences, each under a code.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from quetsach.errors.catalogue import N_
from quetsach.texts import _, plain


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


_REASONS: Mapping[RefusalCode, str] = {
    RefusalCode.CUT_OFF: N_("the archive is cut off"),
    RefusalCode.ENCRYPTED: N_("it is locked with a password"),
    RefusalCode.SWELLS: N_("a file that swells when it is unpacked"),
    RefusalCode.TOO_LARGE: N_("a part is too large"),
    RefusalCode.TOO_MANY: N_("its list of files is too long"),
    RefusalCode.TOO_COMPLEX: N_("it is nested too deeply, or has too many elements or attributes"),
    RefusalCode.NESTED: N_("it is an archive within an archive"),
    RefusalCode.UNSAFE_NAME: N_("its name is not safe"),
    RefusalCode.DUPLICATE: N_("there are two of this name, and this is the second"),
    RefusalCode.LINK: N_("a link is not followed"),
    RefusalCode.SPECIAL_FILE: N_("it is no plain file"),
    RefusalCode.CONTRADICTION: N_("the list of files and the files do not agree"),
    RefusalCode.METHOD: N_("it is packed in an uncommon way (%(number)s)"),
    RefusalCode.DOCUMENT_TYPE: N_("XML with a DTD, in which entities are defined"),
}


def reason_of(refusal: ContainerRefused) -> str:
    """Return why a container or a file in it is refused, in the language in use.

    Damage is described in the words of the library that found it.
    """
    text = _REASONS.get(refusal.code)
    if text is None:
        return plain(str(refusal.facts.get("detail", ""))) or refusal.code.value
    return _(text) % refusal.facts
