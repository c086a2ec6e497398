"""Where the bytes of files lie: under their random id, outside any address."""

from pathlib import Path

from django.conf import settings

from quetsach_portal.files.models import StoredFile


def path_of(stored: StoredFile) -> Path:
    """Return the place of the bytes of `stored`."""
    name = stored.pk.hex
    return Path(settings.QUETSACH.home) / "files" / name[:2] / name
