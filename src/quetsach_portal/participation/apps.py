"""The app `participation` as Django lists it."""

from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.participation"
    label = "participation"
    default_auto_field = "django.db.models.BigAutoField"
