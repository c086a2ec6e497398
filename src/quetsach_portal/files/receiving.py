"""Files of a form while they arrive: straight to the disk, counted, and never too many bytes.

Django reads a form before any view is asked. So what may come at all is decided here: from a
stranger next to nothing, from the signed in as much as the largest purpose takes.
"""

import hashlib
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from quetsach_portal.files.kinds import MIB, RULES
from quetsach_portal.files.problems import FileRefused
from quetsach_portal.files.storage import incoming_folder
from quetsach_portal.web.request_bodies import TooSlow

MOST_FROM_STRANGERS = 1 * MIB
MOST_IN_A_FORM = max(one.max_bytes for one in RULES.values()) + MIB


class IncomingFile(TemporaryUploadedFile):
    """A file of a form, in the folder from which it is moved when it is kept; `sha256` is its."""

    def __init__(self, name: str, content_type: str, charset: str | None) -> None:
        file = tempfile.NamedTemporaryFile(suffix=".upload", dir=incoming_folder())  # noqa: SIM115 - closed with the request
        UploadedFile.__init__(self, file, name, content_type, 0, charset)
        self.sha256 = ""


class DigestingUpload(FileUploadHandler):
    """Writes each file of a form to `home/incoming`, and counts its SHA-256 on the way.

    Shapes: the files are IncomingFile.
    """

    def handle_raw_input(self, *given: Any, **named: Any) -> None:
        """Refuse a form that is too large before any of it is read. Errors: RequestDataTooBig."""
        content_length = given[2] if len(given) > 2 else named["content_length"]
        user = getattr(self.request, "user", None)
        is_known = user is not None and user.is_authenticated
        # Programs sign in by a token, which the front has looked at.
        is_known |= "quetsach.sender" in getattr(self.request, "META", {})
        if content_length > (MOST_IN_A_FORM if is_known else MOST_FROM_STRANGERS):
            raise RequestDataTooBig("the form is too large")

    def new_file(self, *given: Any, **named: Any) -> None:
        """Begin a file."""
        super().new_file(*given, **named)
        self._digest = hashlib.sha256()
        self.file = IncomingFile(self.file_name or "", self.content_type or "", self.charset)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take the next bytes of the file."""
        self._digest.update(raw_data)
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        """Return the file."""
        self.file.seek(0)
        self.file.size = file_size
        self.file.sha256 = self._digest.hexdigest()
        return self.file

    def upload_interrupted(self) -> None:
        """Remove what came of a form that broke off."""
        if hasattr(self, "file"):
            self.file.close()


# The body of a request that brings a part of a file: bounded in size, time and number.


MOST_PART_BYTES = 8 * MIB
AT_ONCE = 2
_PIECE_BYTES = 1 << 16

_lock = threading.Lock()
_under_way: Counter[int] = Counter()


def part_of(request: HttpRequest) -> bytes:
    """Return the body of the request, a part of a file.

    Errors: P102 when it is too long, P133 when this person sends others now, P136 when it is slow.
    Cost: its size in memory, at most 8 MiB.
    """
    length = size_of(request.META.get("CONTENT_LENGTH", ""))
    if length > MOST_PART_BYTES:
        raise FileRefused("P102", size=f"{length} B", limit="8 MB")
    received = bytearray()
    with _one_of_few(request.user.pk or 0):
        try:
            while piece := request.read(min(_PIECE_BYTES, length - len(received))):
                received += piece
        except OSError as err:
            # The line was lost: what came is kept, and the sender asks how much that was.
            if isinstance(err.__cause__, TooSlow) and not received:
                raise FileRefused("P136") from err
    return bytes(received)


def size_of(text: str) -> int:
    """Return a number of bytes. Errors: P127 for anything but digits."""
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise FileRefused("P127", offset=0)
    return int(text)


@contextmanager
def _one_of_few(user_id: int) -> Iterator[None]:
    with _lock:
        if _under_way[user_id] >= AT_ONCE:
            raise FileRefused("P133", limit=AT_ONCE)
        _under_way[user_id] += 1
    try:
        yield
    finally:
        with _lock:
            _under_way[user_id] -= 1
            if not _under_way[user_id]:
                del _under_way[user_id]
