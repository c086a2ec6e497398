"""Acts on accounts."""

from django.db import transaction

from quetsach_portal.people.models import User


def choose_language(user: User, language: str) -> None:
    """Keep the language in which `user` reads the portal."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(language=language)
