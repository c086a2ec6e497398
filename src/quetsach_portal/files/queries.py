"""What is read of files."""

from uuid import UUID

from quetsach_portal.files.models import Upload
from quetsach_portal.files.refusal import FileRefused
from quetsach_portal.people.models import User


def upload_of(actor: User, upload_id: UUID) -> Upload:
    """Return the person's own upload that is under way. Errors: P131."""
    upload = Upload.objects.filter(pk=upload_id, stored__uploaded_by=actor).first()
    if upload is None:
        raise FileRefused("P131")
    return upload
