"""How a printed copy can be checked: digits at the foot of each page, a QR code, its link."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.content import FooterProof, TextFitter
from quetsach.documents.typeset.text import width_pt
from quetsach.documents.typeset.wording import official_words
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _

LONGEST_WHERE = 80
MOST_IN_FOOT = 120
"""How many characters the QR code at a foot holds; of more, 18 mm would be too fine."""

MOST_CONTACT = 2
LONGEST_CONTACT = 100
_DIGEST = re.compile(r"[0-9a-f]{64}")
_OF_CODE = 16
_BESIDE_THE_CODE = decree.points(decree.FOOT_LINE_MM)


@dataclass(frozen=True)
class DocumentProof:
    """The proof of a copy: the digest of its content, the address to check it, the QR code.

    Shapes: `digest` is SHA-256 in lower-case hex; `payload` is "" where no code is to be drawn.
    """

    digest: str
    where: str = ""
    payload: str = ""

    @property
    def code(self) -> str:
        """Return the 16 digits printed on each page."""
        return self.digest[:_OF_CODE]


def proof_of(
    proof: DocumentProof | None, fitting: TextFitter, *, coded: bool, version: int = 0
) -> FooterProof | None:
    """Return the foot of each page; the QR code only where it is `coded`.

    Shapes: `version` is 0 for a document without versions.
    """
    if proof is None:
        return None
    words = official_words().proof
    line = words["code"] % {"code": proof.code}
    lines = [f"{line} ({words['version'] % {'version': version}})" if version else line]
    if proof.where.strip():
        lines.append(words["where"] % {"where": fitting.line(proof.where)})
    return FooterProof(tuple(lines), proof.payload if coded else "")


def proof_flaws(proof: DocumentProof | None) -> Iterator[str]:
    """Yield why this cannot be printed at the foot of a page."""
    if proof is None:
        return
    if _DIGEST.fullmatch(proof.digest) is None:
        yield _("the digest of the version is not a SHA-256 digest")
    if len(proof.where) > LONGEST_WHERE:
        yield _("the address for checking is longer than %(most)s characters") % {
            "most": LONGEST_WHERE
        }
    if len(proof.payload) > MOST_IN_FOOT or not (proof.payload or "-").isprintable():
        yield _("a QR code holds 1 to %(most)s printable characters") % {"most": MOST_IN_FOOT}


def contact_flaws(lines: tuple[str, ...], proof: DocumentProof | None) -> Iterator[str]:
    """Yield why these lines do not fit the foot of page 1, beside the code where there is one."""
    if len(lines) > MOST_CONTACT or any(len(line) > LONGEST_CONTACT for line in lines):
        yield _("the foot of page 1 has room for %(lines)s lines of %(most)s characters") % {
            "lines": MOST_CONTACT,
            "most": LONGEST_CONTACT,
        }
    elif proof is not None and any(
        width_pt(line, decree.SMALLEST_PT) > _BESIDE_THE_CODE for line in lines
    ):
        yield _("a line at the foot of page 1 is too long to fit beside the code")


LONGEST_LINK = 200
"""In characters; a code of more is too fine to be read from paper by a telephone."""


def checked_link(link: str, *, longest: int = LONGEST_LINK) -> str:
    """Return `link` when it is http:// or https:// with a host and nothing unprintable.

    Errors: E409.
    """
    try:
        parts = urlsplit(link)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        sound = False
    if not sound or len(link) > longest or not link.isprintable() or " " in link:
        raise QuetsachError("E409", link[:100])
    return link
