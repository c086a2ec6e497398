"""Acts on accounts."""

from django.db import transaction

from quetsach_portal.audit.record import record
from quetsach_portal.people.models import User


def choose_language(user: User, language: str) -> None:
    """Keep the language in which `user` reads the portal."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(language=language)


def change_profile(user: User, *, name: str, language: str) -> None:
    """Give `user` another name or language."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        if row.name != name:
            changed = {"name": [row.name, name]}
            record("user.renamed", actor=row, kind="user", object_id=row.pk, detail=changed)
        row.name, row.language = name, language
        row.save(update_fields=["name", "language"])
