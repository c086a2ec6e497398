"""The app `files` as Django lists it."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
