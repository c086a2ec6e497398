"""A permit to upload in parts: signed when the page was shown, for one person and one purpose.

The page of the owner app asked access when it made the permit, and asks again when the form comes
with the finished upload; in between nothing of the file can be seen by anybody.
"""

from dataclasses import dataclass

from django.core import signing

from quetsach_portal.files.refusal import FileRefused
from quetsach_portal.people.models import User

_SALT = "quetsach.files.permit"
_VALID_S = 12 * 3600


@dataclass(frozen=True)
class Permit:
    """What the uploads of a page are for, and for whom."""

    purpose: str
    owner_path: str


def permit_for(user: User, *, purpose: str, owner_path: str) -> str:
    """Return the signed text that the page carries."""
    return signing.dumps([user.pk, purpose, owner_path], salt=_SALT)


def read_permit(text: str, user: User) -> Permit:
    """Return the permit. Errors: P135 when it is forged, too old, or another person's."""
    try:
        user_id, purpose, owner_path = signing.loads(text, salt=_SALT, max_age=_VALID_S)
    except (signing.BadSignature, ValueError, TypeError) as err:
        raise FileRefused("P135") from err
    if user_id != user.pk:
        raise FileRefused("P135")
    return Permit(purpose, owner_path)
