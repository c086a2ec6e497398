"""The app `letters` as Django lists it."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.letters"
    label = "letters"
    default_auto_field = "django.db.models.BigAutoField"
