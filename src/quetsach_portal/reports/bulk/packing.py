"""The files of an upload, those of an archive too; and the empty workbooks as one archive."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import Slot
from quetsach_portal.files.kinds import MIB, Room, size_text
from quetsach_portal.files.member_names import shown
from quetsach_portal.files.names import ending_of
from quetsach_portal.files.zip_directory import read_directory
from quetsach_portal.files.zip_layout import pieces_of, refuse_unsound
from quetsach_portal.reports.workbooks import sheets
from quetsach_portal.web.problems import Refused

MOST_FILES = 40
MOST_BYTES = 40 * MIB
_ROOM = Room(entries=4 * MOST_FILES, unpacked=MOST_BYTES, ratio=200, small=8 * MIB)


@dataclass(frozen=True)
class Given:
    """One file as it came: its name, and its bytes."""

    name: str
    raw: bytes


def files_of(uploads: Iterable[tuple[str, BinaryIO]]) -> list[Given]:
    """Return the files of an upload; those in a ZIP file one by one.

    Errors: Refused for too many or too much, and for an archive that is not sound; nothing of that
    is unpacked before its list was held against the room (F5).
    """
    found: list[Given] = []
    size = 0
    for one in _all(uploads):
        size += len(one.raw)
        if len(found) >= MOST_FILES:
            told = _("At most %(most)s workbooks are taken at once; hand in the others after them.")
            raise Refused(told % {"most": MOST_FILES}, field="workbooks")
        if size > MOST_BYTES:
            told = _("Together they are larger than %(most)s; hand them in in parts.")
            raise Refused(told % {"most": size_text(MOST_BYTES)}, field="workbooks")
        found.append(one)
    if not found:
        raise Refused(_("There is no file in it."), field="workbooks")
    return found


def empty_workbooks(slots: Sequence[Slot]) -> bytes:
    """Return the workbooks of `slots` as one ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for slot in slots:
            packed.writestr(sheets.file_name(slot), sheets.workbook_of(slot))
    return out.getvalue()


def _all(uploads: Iterable[tuple[str, BinaryIO]]) -> Iterator[Given]:
    for name, file in uploads:
        if ending_of(name) == "zip":
            yield from _packed(file)
        else:
            file.seek(0)
            yield Given(name, file.read(MOST_BYTES + 1))


def _packed(file: BinaryIO) -> Iterator[Given]:
    directory = read_directory(file, _ROOM)
    refuse_unsound(file, directory, _ROOM)
    for entry in directory.entries:
        last = entry.name.rsplit("/", 1)[-1]
        # What a Mac packs beside each file (`__MACOSX/._a.xlsx`, `.DS_Store`).
        if not entry.is_folder and not last.startswith("."):
            yield Given(shown(entry.name), b"".join(pieces_of(file, entry)))
