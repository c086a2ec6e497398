"""Files read, and written whole or not at all: aside, and moved into place."""

import errno
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from quetsach.errors.exceptions import QuetsachError
from quetsach.scratch_folders import locked_file, write_new
from quetsach.texts import _

_PIECE = 1024 * 1024


def replace_whole(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write `content`, whole or in pieces, to `path`, which keeps what it had until all is there.

    Errors: OSError, and those of `content`; what was written aside is gone then.
    """
    partial = path.with_name(f".{path.name}.part")
    try:
        # A link of this name in a folder from elsewhere would lead to another file.
        partial.unlink(missing_ok=True)
        with partial.open("xb") as file:
            file.writelines((content,) if isinstance(content, bytes) else content)
        partial.replace(path)
    except BaseException:
        # Of the disk, or of who makes the content.
        with suppress(OSError):
            partial.unlink()
        raise


def set_modified(path: Path, seconds: float) -> None:
    """Set when the file at `path` was changed last. Errors: OSError.

    Through the open file where the system can: in the sandbox no path is taken for it.
    Units: `seconds` since 1970.
    """
    if os.utime not in os.supports_fd:
        os.utime(path, (seconds, seconds))
        return
    with path.open("rb") as file:
        os.utime(file.fileno(), (seconds, seconds))


def write_whole(path: Path, content: bytes | Iterable[bytes], code: str = "E406") -> None:
    """Write `content` to `path` and make its folder. Errors: `code` with the reason."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(path, content)
    except OSError as error:
        raise QuetsachError(code, str(path), reason=error.strerror or str(error)) from error


UNFINISHED = ".unfinished.txt"
"""What stands behind the name of a set's first file, while not all of the set is in its place."""


def write_set(contents: Sequence[tuple[Path, bytes]], code: str = "E406") -> None:
    """Write files that belong together: all are written aside before the first is in its place.

    A run that is killed amid the moves leaves a note that names the files of the set; the next run
    replaces them all, and what was left aside, and takes the note away.
    Errors: `code` with the reason.
    """
    partials: list[Path] = []
    try:
        for path, content in contents:
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f".{path.name}.part")
            partial.unlink(missing_ok=True)
            partials.append(partial)
            with partial.open("xb") as file:
                file.write(content)
        _move_into_place(partials, [path for path, _content in contents])
    except OSError as error:
        where = str(contents[max(len(partials) - 1, 0)][0])
        raise QuetsachError(code, where, reason=error.strerror or str(error)) from error
    finally:
        for partial in partials:
            with suppress(OSError):
                partial.unlink()


def write_new_set(contents: Sequence[tuple[Path, bytes, int]]) -> None:
    """Write files that were not there and belong together, each with its rights: all or none.

    A run that is killed amid it leaves the note of `write_set`; the next run then begins anew,
    unless all of the files are there. While one run writes, another one is refused.
    Errors: FileExistsError with the file that is there already; OSError.
    """
    paths = [path for path, _content, _mode in contents]
    note = paths[0].with_name(f"{paths[0].name}{UNFINISHED}")
    written: list[Path] = []
    with locked_file(note) as file:
        try:
            if file.read(1) and not all(map(os.path.lexists, paths)):
                for path in paths:
                    path.unlink(missing_ok=True)
            for path in paths:
                if os.path.lexists(path):
                    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
            file.write(_note_text(note, paths))
            file.flush()
            for path, content, mode in contents:
                # Before it is there, so that a signal at any moment leaves nothing.
                written.append(path)
                try:
                    write_new(path, content, mode)
                except OSError:
                    written.pop()
                    raise
        except BaseException:
            for path in written:
                with suppress(OSError):
                    path.unlink()
            raise


def _write_note(note: Path, paths: Sequence[Path]) -> None:
    replace_whole(note, _note_text(note, paths))


def _note_text(note: Path, paths: Sequence[Path]) -> bytes:
    text = _("These files belong together, and writing them was stopped. Run the command again:")
    names = [os.path.relpath(path, note.parent) for path in paths]
    return "".join(f"{line}\n" for line in (text, "", *names)).encode()


def _move_into_place(partials: Sequence[Path], paths: Sequence[Path]) -> None:
    if len(paths) < 2:
        for partial, path in zip(partials, paths, strict=True):
            partial.replace(path)
        return
    note = paths[0].with_name(f"{paths[0].name}{UNFINISHED}")
    _write_note(note, paths)
    moved = 0
    try:
        for partial, path in zip(partials, paths, strict=True):
            partial.replace(path)
            moved += 1
    finally:
        if moved in (0, len(paths)):
            note.unlink()


def read_at_most(path: Path, most: int) -> bytes:
    """Return the first `most` bytes of a file, and one more where it is longer.

    Errors: E101 when it is not there, E104 when it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except FileNotFoundError as error:
        raise QuetsachError("E101", str(path)) from error
    except OSError as error:
        raise QuetsachError("E104", str(path), reason=error.strerror or str(error)) from error


def read_anywhere(path: Path, most: int) -> BinaryIO:
    """Return a file open for reading at any place; what comes through a pipe is put aside first.

    Shapes: of a pipe that gives more than `most` bytes there are some more, and not the rest.
    Errors: E101 when it is not there, E104 when it cannot be read.
    """
    try:
        file = path.open("rb")
        if file.seekable():
            return file
        with file:
            aside = tempfile.TemporaryFile()  # noqa: SIM115  # it is handed on open
            while aside.tell() <= most and (piece := file.read(_PIECE)):
                aside.write(piece)
            return aside
    except FileNotFoundError as error:
        raise QuetsachError("E101", str(path)) from error
    except OSError as error:
        raise QuetsachError("E104", str(path), reason=error.strerror or str(error)) from error
