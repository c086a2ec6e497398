"""What is read of files."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.module_loading import import_string

from quetsach_portal.files.models import FileState, StoredFile, Upload
from quetsach_portal.files.refusal import FileRefused
from quetsach_portal.people.models import User


def file_for(request: HttpRequest, file_id: UUID) -> StoredFile:
    """Return the file if the app that owns it lets this person have it.

    Errors: Http404 for what is not there, not accepted, not theirs, or owned by nobody.
    """
    stored = StoredFile.objects.filter(pk=file_id, state=FileState.ACCEPTED).first()
    asked = None if stored is None else settings.FILE_ACCESS.get(stored.purpose)
    if stored is None or asked is None:
        raise Http404
    may_have: Callable[[HttpRequest, StoredFile], bool] = import_string(asked)
    if not may_have(request, stored):
        raise Http404
    return stored


def upload_of(actor: User, upload_id: UUID) -> Upload:
    """Return the person's own upload that is under way. Errors: P131."""
    upload = Upload.objects.filter(pk=upload_id, stored__uploaded_by=actor).first()
    if upload is None:
        raise FileRefused("P131")
    return upload
