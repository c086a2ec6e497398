"""Collects what a reader finds in a document, within the limits."""

import hashlib
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from msgspec import structs

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.readers.contract import (
    BlockKind,
    BlockPlace,
    DocumentBlock,
    MergedCells,
    ReadDocument,
    ReadLimits,
)
from quetsach.readers.legacy_fonts import to_unicode
from quetsach.texts import _

_LOOK_AT_CLOCK = 256
_SHARE_OF_PART = 0.75


class LimitReachedError(Exception):
    """A limit is reached: reading stops here, and what was found is kept."""


class BlockCollector:
    """Blocks and problems of one document, in the order in which they are given.

    Errors: `paragraph`, `row` and `check` raise LimitReachedError at a limit; `bounded` catches it.
    """

    def __init__(self, name: str, form: str, limits: ReadLimits) -> None:
        self.name = name
        self.form = form
        self.limits = limits
        self.sender = ""
        self.blocks: list[DocumentBlock] = []
        self.problems: list[Problem] = []
        self.merged: list[MergedCells] = []
        self.again: list[DocumentBlock] = []
        self._room = limits.bytes_unpacked
        self._end = time.monotonic() + limits.seconds
        self._ocr_seconds = limits.ocr_seconds
        self._checks = 0

    def paragraph(
        self,
        text: str,
        place: BlockPlace,
        *,
        kind: BlockKind = BlockKind.PARAGRAPH,
        links: Sequence[str] = (),
        by_ocr: bool = False,
    ) -> None:
        """Take a paragraph, unless there is nothing in it."""
        if text.strip() or links:
            self._take(DocumentBlock(kind, _nfc(text), place, (), tuple(links), by_ocr))

    def row(
        self,
        cells: Sequence[str],
        place: BlockPlace,
        *,
        links: Sequence[str] = (),
        by_ocr: bool = False,
    ) -> None:
        """Take a row of a table, unless all its cells are empty."""
        tidy = tuple(_nfc(cell).replace("\t", " ") for cell in cells)
        if any(cell.strip() for cell in tidy) or links:
            self._take(
                DocumentBlock(BlockKind.ROW, "\t".join(tidy), place, tidy, tuple(links), by_ocr)
            )

    def problem(self, code: str, where: str = "", **facts: str) -> None:
        """Take a problem; `where` is a place inside the document."""
        self.problems.append(Problem(code, f"{self.name}, {where}" if where else self.name, facts))

    def take(self, part: ReadDocument, name: str) -> None:
        """Take all that a part (an attachment, a file of an archive) holds."""
        self.problems += part.problems
        for block in part.blocks:
            self._take(_inside(block, name))
        self.again += [_inside(block, name) for block in part.again]

    def check(self) -> None:
        """Look at the clock, every now and then."""
        self._checks += 1
        if self._checks % _LOOK_AT_CLOCK == 0:
            self.check_now()

    def check_now(self) -> None:
        """Look at the clock."""
        if self.seconds_left() <= 0:
            raise LimitReachedError(_("%(count)s seconds") % {"count": f"{self.limits.seconds:g}"})

    def seconds_left(self) -> float:
        """Return how long reading may still take."""
        return self._end - time.monotonic()

    def spend_on_ocr(self, seconds: float) -> None:
        """Count time that passed as time for OCR, not as time for reading."""
        self._end += seconds
        self._ocr_seconds = max(0.0, self._ocr_seconds - seconds)

    def left(self) -> ReadLimits:
        """Return the limits that are left for a part of this document.

        A part gets less than all of the time, so that it ends before this document does.
        """
        return replace(
            self.limits,
            blocks=max(0, self.limits.blocks - len(self.blocks)),
            bytes_unpacked=max(0, self._room),
            seconds=max(0.0, self.seconds_left() * _SHARE_OF_PART),
            ocr_seconds=self._ocr_seconds,
            depth=self.limits.depth - 1,
        )

    @contextmanager
    def bounded(self) -> Iterator[None]:
        """Let a limit, or damage half-way, end the reading, and name it."""
        try:
            yield
        except LimitReachedError as limit:
            self.problem("E413", limit=str(limit))
        except QuetsachError as error:
            if not self.blocks:
                raise
            self.problems.append(error.problem)

    def paper(self, raw: bytes) -> ReadDocument:
        """Return the document; text in an old font coding is turned into Unicode first."""
        coding, blocks = to_unicode(self.blocks)
        if coding:
            self.problem("E419", coding=coding)
        return ReadDocument(
            name=self.name,
            sha256=hashlib.sha256(raw).hexdigest(),
            form=self.form,
            blocks=tuple(blocks),
            sender=self.sender,
            problems=tuple(self.problems),
            merged=tuple(self.merged),
            again=tuple(self.again),
        )

    def _take(self, block: DocumentBlock) -> None:
        self.check()
        if len(self.blocks) >= self.limits.blocks:
            raise LimitReachedError(
                _("%(count)s paragraphs and rows") % {"count": self.limits.blocks}
            )
        self._room -= len(block.text) + sum(map(len, block.links))
        if self._room < 0:
            raise LimitReachedError(_("%(count)s bytes") % {"count": self.limits.bytes_unpacked})
        self.blocks.append(block)


def _inside(block: DocumentBlock, name: str) -> DocumentBlock:
    """Return the block of a part, with the name of the part in its place."""
    inner = f"{name}/{block.place.part}" if block.place.part else name
    return structs.replace(block, place=structs.replace(block.place, part=inner))


def _nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)
