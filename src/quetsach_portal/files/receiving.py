"""Files of a form while they come in: straight to the disk, counted, and never too many bytes.

Django reads a form before any view is asked. So what may come at all is decided here: from a
stranger next to nothing, from the signed in as much as the largest purpose takes.
"""

import hashlib
import tempfile
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from quetsach_portal.files.kinds import MIB, RULES
from quetsach_portal.files.storage import incoming_folder

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
