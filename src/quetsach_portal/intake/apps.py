"""The app `intake` as Django lists it."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
