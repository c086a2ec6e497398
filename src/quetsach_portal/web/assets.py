"""Static files under names that carry their digest, so that browsers may keep them for a year."""

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStorage(ManifestStaticFilesStorage):
    """Hashed names where `collectstatic` has run; plain names in development and tests."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """Return the hashed name, or the plain one where nothing was collected."""
        if not self.hashed_files and not settings.DEBUG:
            return name
        return str(super().stored_name(name))
