"""Documents inside documents: attachments, files of an archive, objects in a letter."""

import posixpath
import time
from collections.abc import Callable

from quetsach.containers.signatures import is_zip
from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.contract import ReadDocument, ReadLimits
from quetsach.readers.gather import BlockCollector, LimitReachedError
from quetsach.readers.packages import ZipPackage
from quetsach.texts import _

SMALL_PICTURE_BYTES = 10_000
"""A picture in a mail that has fewer bytes is a logo or a smile, and holds no list."""

_SMALL_IMAGE_BYTES = 30_000
"""Likewise one in a document, where emblems and seals are larger."""


PartReader = Callable[[bytes, str, ReadLimits], ReadDocument]
"""Reads a document of any kind: bytes, name and limits to its blocks."""


class AttachedDocuments:
    """Reads the parts of one document into its collector, within the limits.

    `read_part` reads a part, which may be of any kind, also of the kind of the document around it.
    """

    def __init__(self, out: BlockCollector, read_part: PartReader) -> None:
        self.read_part = read_part
        self._out = out
        self._count = 0

    def pictures(self, package: ZipPackage, folder: str) -> None:
        """Read the pictures in a folder of a package that are large enough to hold text."""
        for member in package.names:
            if member.startswith(folder) and package.size(member) >= _SMALL_IMAGE_BYTES:
                self.read(package.read(member), posixpath.basename(member))

    def read(self, raw: bytes, name: str) -> None:
        """Read a part by the reader that knows it; what cannot be read becomes a problem."""

        out = self._out
        out.check_now()
        self._count += 1
        if self._count > out.limits.parts:
            raise LimitReachedError(_("%(count)s parts") % {"count": out.limits.parts})
        where = f"{out.name}/{name}"
        if out.limits.depth <= 0:
            out.problems.append(QuetsachError("E413", where, limit=_("parts within parts")).problem)
            return
        started = time.monotonic()
        try:
            paper = self.read_part(raw, where, out.left())
        except QuetsachError as error:
            out.problems.append(error.problem)
            return
        if paper.by_ocr:
            out.spend_on_ocr(time.monotonic() - started)
        out.take(paper, name)


# ZIP archives of documents: each file in it is read as a document of its own.


class ArchiveReader:
    """Reads the files of a ZIP archive, archives within it too; nothing is written anywhere."""

    name = "zip"
    title = "ZIP archive"

    def __init__(self, read_part: PartReader) -> None:
        self._read_part = read_part

    def knows(self, raw: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `raw` is a ZIP file."""
        return is_zip(raw)

    def read(self, raw: bytes, name: str, limits: ReadLimits) -> ReadDocument:
        """Return what its files hold; `BlockPlace.part` names them.

        Errors: E411 when it is damaged, E414 when it was made to swell.
        """
        package = ZipPackage(raw, name, limits, is_archive=True)
        out = BlockCollector(name, self.name, limits)
        with out.bounded():
            parts = AttachedDocuments(out, self._read_part)
            for member in package.names:
                if member.startswith("__MACOSX/"):
                    continue
                try:
                    inner = package.read(member)
                except QuetsachError as error:
                    out.problems.append(error.problem)
                    continue
                parts.read(inner, member)
        return out.paper(raw)
