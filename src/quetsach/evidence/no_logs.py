"""Files that are surely no log, by their content: pictures, documents, recordings, programs.

They are named once and change nothing. What may hold a table or a log is never among them: a
workbook, a mail, an archive, a file of events.
"""

from pathlib import Path

from quetsach.containers.bounds import UnpackBounds
from quetsach.containers.refusal import ContainerRefused
from quetsach.containers.signatures import is_compound, is_zip, no_log_kind

# Only the list of a file's parts is read, and one short part.
_BOUNDS = UnpackBounds(entries=10_000, unpacked=1 << 20, ratio=200, small=1 << 20, any_name=True)
# Source: [MS-DOC] 2.1.1, [MS-PPT] 2.1.1.
_WRITTEN_STREAMS = frozenset({"WordDocument", "PowerPoint Document"})


def no_log(location: Path, head: bytes) -> str | None:
    """Return what the file at `location`, which begins with `head`, is, or None if it may be a log.

    Shapes: picture, document, sound or program. `head` is as it lies there, not unpacked.
    """
    kind = no_log_kind(head)
    if kind is not None:
        return kind
    try:
        if is_zip(head) and _is_written(location):
            return "document"
        if is_compound(head):
            from quetsach.containers.ole import root_names

            with location.open("rb") as file:
                return "document" if _WRITTEN_STREAMS & set(root_names(file)) else None
    except (ContainerRefused, OSError):
        # It is damaged, or cannot be read: who plans it says so.
        return None
    return None


def _is_written(location: Path) -> bool:
    from quetsach.containers.office_kinds import OfficeKind, kind_of
    from quetsach.containers.zip_directory import read_directory

    written = (OfficeKind.DOCX, OfficeKind.ODT, OfficeKind.OTHER)
    with location.open("rb") as file:
        return kind_of(file, read_directory(file, _BOUNDS)) in written
