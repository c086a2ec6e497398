"""JPEG and PNG pictures: their size is asked before they are decoded, and only pixels are kept.

What a camera writes beside the picture (place, owner, serial number, thumbnails) is left behind,
and so is whatever else was hidden in the file.
"""

import io
import struct
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import msgspec
from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from quetsach.sandbox.contract import (
    EndedFromOutside,
    ReportProgress,
    SandboxFailed,
    SandboxLimits,
)
from quetsach.sandbox.run import run
from quetsach_portal.files.kinds import FileKind
from quetsach_portal.files.problems import FileRefused

MOST_JPEG_PIXELS = 64_000_000
MOST_PNG_PIXELS = 24_000_000
MOST_EDGE = 30_000
KEPT_EDGE = 4_096
"""A JPEG is decoded to about this size at most; its decoder scales while it reads."""

_QUALITY = 88
_MILLION = 1_000_000
_FORMATS = {FileKind.JPEG: "JPEG", FileKind.PNG: "PNG"}
_KEPT_MODES = {"JPEG": ("RGB", "L"), "PNG": ("RGB", "RGBA", "L", "1")}
_DAMAGE = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    struct.error,
)


def clean_picture(file: BinaryIO, kind: FileKind) -> bytes:
    """Return the picture re-encoded: upright, with its pixels only.

    Errors: P121 when it has too many pixels, P122 when it cannot be read.
    Cost: memory for the pixels, at most 4 bytes each.
    """
    file.seek(0)
    try:
        with warnings.catch_warnings(), Image.open(file, formats=(_FORMATS[kind],)) as picture:
            warnings.simplefilter("ignore")
            _refuse_large(picture, kind)
            return _written_anew(picture, _FORMATS[kind])
    except Image.DecompressionBombError as err:
        raise FileRefused("P121", limit=_most_pixels(kind) // _MILLION) from err
    except _DAMAGE as err:
        raise FileRefused("P122") from err


def _most_pixels(kind: FileKind) -> int:
    return MOST_JPEG_PIXELS if kind is FileKind.JPEG else MOST_PNG_PIXELS


def _refuse_large(picture: Image.Image, kind: FileKind) -> None:
    width, height = picture.size
    if width * height > _most_pixels(kind) or max(width, height) > MOST_EDGE:
        raise FileRefused("P121", limit=_most_pixels(kind) // _MILLION)


def _written_anew(picture: Image.Image, form: str) -> bytes:
    if form == "JPEG":
        shown = KEPT_EDGE / max(picture.size)
        picture.draft("RGB", (round(picture.width * shown), round(picture.height * shown)))
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    if upright.mode not in _KEPT_MODES[form]:
        see_through = form == "PNG" and upright.has_transparency_data
        upright = upright.convert("RGBA" if see_through else "RGB")
    # A picture of its own: what is known beside the pixels stays with the old one.
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    out = io.BytesIO()
    if form == "JPEG":
        clean.save(out, "JPEG", quality=_QUALITY)
    else:
        clean.save(out, "PNG")
    return out.getvalue()


# The same in the sandbox: decoders in C see nothing but that picture.

ACT = "quetsach_portal.files.pictures:redraw_in_sandbox"
LIMITS = SandboxLimits(memory=2 << 30, seconds=120, file_bytes=256 << 20, answer=256 << 20)


class PictureInput(msgspec.Struct, frozen=True):
    """The path of the picture, and its kind."""

    path: str
    kind: str


class RedrawnPicture(msgspec.Struct, frozen=True):
    """The re-encoded picture, or the code and the facts of why there is none."""

    picture: bytes = b""
    code: str = ""
    facts: dict[str, Any] = {}


def picture_anew(path: Path, kind: FileKind) -> bytes:
    """Return the picture at `path` with nothing but its pixels. Errors: FileRefused P121, P122."""
    picture = PictureInput(str(path.resolve()), kind.value)
    try:
        with TemporaryDirectory() as folder:
            raw = run(
                ACT,
                msgspec.json.encode(picture),
                limits=LIMITS,
                reads=(picture.path,),
                folder=Path(folder),
            )
        anew = msgspec.msgpack.decode(raw, type=RedrawnPicture)
    except (SandboxFailed, EndedFromOutside, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise FileRefused("P122") from error
    if anew.code in ("P121", "P122"):
        raise FileRefused(anew.code, **anew.facts)
    return anew.picture


def redraw_in_sandbox(request: bytes, _report: ReportProgress) -> bytes:
    """Re-encode the picture: the action in the sandbox."""
    if not settings.configured:
        # A refusal puts its words together; here, of all the portal, there are no settings.
        settings.configure(USE_I18N=False)
    asked = msgspec.json.decode(request, type=PictureInput)
    try:
        with Path(asked.path).open("rb") as file:
            anew = RedrawnPicture(clean_picture(file, FileKind(asked.kind)))
    except FileRefused as refused:
        anew = RedrawnPicture(code=refused.problem.code, facts=dict(refused.problem.facts))
    return msgspec.msgpack.encode(anew)
