"""Text out of pictures, by the program Tesseract, where it is installed with Vietnamese data."""

import functools
import io
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from functools import partial

from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.contract import ReadDocument, ReadLimits
from quetsach.readers.gather import BlockCollector, LimitReachedError
from quetsach.readers.layout import PlacedWord, take_words
from quetsach.sandbox.clock import arm, stopped
from quetsach.texts import _

LANGUAGES = "vie+eng"
_DPI = 300
_LONGEST_PAGE_S = 120.0
# The second pass must not share the faults of the first: another size of the letters, another
# way to find the lines, and a model that has learnt no Vietnamese.
_FIRST = ("-l", LANGUAGES)
_SECOND = ("-l", "eng", "--psm", "11")
_SECOND_SCALE = 0.75
_FEWEST_DOTS = 100
_MOST_DOTS = 40_000_000
_COLUMNS = 12
_WIDEST_SPACE = 1.5


class CannotReadError(Exception):
    """Why no text could be read out of a picture, in words for a person."""


class OcrReader:
    """Reads pictures one after the other, as long as their number and time last.

    Units: `seconds` for all pictures together; `used` are those that are gone.
    """

    def __init__(self, pages: int, seconds: float) -> None:
        self._pages = pages
        self._seconds = seconds
        self.used = 0.0

    def words(self, picture: bytes) -> list[PlacedWord]:
        """Return the words in a picture (PNM, PNG, JPEG, TIFF ...); places count in dots.

        Errors: CannotReadError.
        """
        if self._pages <= 0:
            raise CannotReadError(_("too many pictures"))
        self._pages -= 1
        return self._pass(picture, _FIRST)

    def words_again(self, picture: bytes) -> list[PlacedWord]:
        """Return the words that a second, independent pass reads in the picture.

        Errors: CannotReadError.
        """
        return self._pass(_smaller(picture), _SECOND)

    def _pass(self, picture: bytes, how: tuple[str, ...]) -> list[PlacedWord]:
        program = tesseract()
        if self._seconds <= 0:
            raise CannotReadError(_("there was no time left"))
        started = time.monotonic()
        longest_s = min(self._seconds, _LONGEST_PAGE_S)
        try:
            with stopped():
                done = subprocess.run(
                    [program, "stdin", "stdout", *how, "--dpi", str(_DPI), "tsv"],
                    input=picture,
                    capture_output=True,
                    timeout=longest_s,
                    # It ends itself where this process may not signal others. No lock is taken.
                    preexec_fn=partial(arm, longest_s + 1) if os.name == "posix" else None,
                    env={**os.environ, "OMP_THREAD_LIMIT": "1"},
                    check=False,
                )
        except subprocess.TimeoutExpired as err:
            raise CannotReadError(_("reading took too long")) from err
        except OSError as err:
            raise CannotReadError(str(err)) from err
        finally:
            took = time.monotonic() - started
            self._seconds -= took
            self.used += took
        if os.name == "posix" and done.returncode == -signal.SIGALRM:
            raise CannotReadError(_("reading took too long"))
        if done.returncode != 0:
            last_line = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise CannotReadError(last_line or f"Tesseract: {done.returncode}")
        return list(_words(done.stdout.decode("utf-8", "replace")))


def _smaller(picture: bytes) -> bytes:
    """Return the picture in another size, or as it is where that cannot be made."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(picture)) as image:
            width, height = (round(side * _SECOND_SCALE) for side in image.size)
            if min(image.size) < _FEWEST_DOTS or image.width * image.height > _MOST_DOTS:
                return picture
            out = io.BytesIO()
            image.convert("L").resize((width, height), Image.Resampling.LANCZOS).save(out, "PPM")
            return out.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return picture


def take_picture(picture: bytes, ocr: OcrReader, out: BlockCollector, *, page: int) -> None:
    """Take the text in a picture into `out`, and beside it what a second pass reads.

    Errors: CannotReadError where the first pass reads nothing; a second one that fails is no
    more than missing, so that every value of the picture is asked about.
    """
    words = ocr.words(picture)
    take_words(words, out, page=page, by_ocr=True)
    second = BlockCollector(out.name, out.form, out.limits)
    try:
        take_words(ocr.words_again(picture) if words else [], second, page=page, by_ocr=True)
    except (CannotReadError, LimitReachedError):
        return
    out.again += second.blocks


@functools.cache
def tesseract() -> str:
    """Return the path of Tesseract.

    Errors: CannotReadError when it, or its Vietnamese data, is not installed.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise CannotReadError(_("Tesseract is not installed"))
    try:
        listed = subprocess.run(
            [program, "--list-langs"], capture_output=True, timeout=20, check=False, text=True
        )
    except (OSError, subprocess.TimeoutExpired) as err:
        raise CannotReadError(str(err)) from err
    missing = set(LANGUAGES.split("+")) - set((listed.stdout + listed.stderr).split())
    if missing:
        raise CannotReadError(
            _("Tesseract lacks the data of: %(languages)s")
            % {"languages": ", ".join(sorted(missing))}
        )
    return program


def _words(table: str) -> Iterator[PlacedWord]:
    """Yield the words of Tesseract's table: level, page, block, par, line, word, left, top ..."""
    before: list[str] = []
    end = 0.0
    for line in table.split("\n")[1:]:
        fields = line.rstrip("\r").split("\t")
        if len(fields) != _COLUMNS or not fields[11].strip():
            continue
        x0, top, width, height = (float(field) for field in fields[6:10])
        # Tesseract's lines go on over the columns of a table.
        follows = before == fields[1:5] and x0 - end < _WIDEST_SPACE * height
        before, end = fields[1:5], x0 + width
        yield PlacedWord(fields[11], x0, top, x0 + width, top + height, follows)


# Pictures of documents (PNG, JPEG, TIFF ...): scans and photographs, read by Tesseract.

_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF87a", b"GIF89a")


class PictureReader:
    """Reads a picture; everything in it is marked as read by OCR."""

    name = "picture"
    title = "Picture of a document (PNG, JPEG, TIFF)"

    def knows(self, raw: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `raw` is a picture."""
        return raw.startswith(_STARTS) or (raw.startswith(b"RIFF") and raw[8:12] == b"WEBP")

    def read(self, raw: bytes, name: str, limits: ReadLimits) -> ReadDocument:
        """Return the text in the picture.

        Errors: E418 when Tesseract is not installed or cannot read it.
        """
        out = BlockCollector(name, self.name, limits)
        try:
            with out.bounded():
                take_picture(raw, OcrReader(limits.ocr_pages, limits.ocr_seconds), out, page=1)
        except CannotReadError as err:
            raise QuetsachError("E418", name, what=_("it"), reason=str(err)) from err
        return out.paper(raw)
