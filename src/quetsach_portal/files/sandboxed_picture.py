"""A picture written anew in the sandbox: decoders in C see nothing but that picture."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from django.conf import settings

from quetsach.sandbox.contract import (
    EndedFromOutside,
    ReportProgress,
    SandboxFailed,
    SandboxLimits,
)
from quetsach.sandbox.run import run
from quetsach_portal.files.kinds import FileKind
from quetsach_portal.files.problems import FileRefused

ACT = "quetsach_portal.files.sandboxed_picture:redraw_in_sandbox"
LIMITS = SandboxLimits(memory=2 << 30, seconds=120, file_bytes=256 << 20, answer=256 << 20)


class PictureInput(msgspec.Struct, frozen=True):
    """Where the picture lies, and what it is."""

    path: str
    kind: str


class RedrawnPicture(msgspec.Struct, frozen=True):
    """The picture written anew, or the code and the facts of why there is none."""

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
    except (SandboxFailed, EndedFromOutside, msgspec.MsgspecError) as error:
        raise FileRefused("P122") from error
    if anew.code in ("P121", "P122"):
        raise FileRefused(anew.code, **anew.facts)
    return anew.picture


def redraw_in_sandbox(request: bytes, _report: ReportProgress) -> bytes:
    """Write the picture anew: the act in the sandbox."""
    from quetsach_portal.files.pictures import clean_picture

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
