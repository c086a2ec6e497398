"""The app `handouts` as Django lists it."""

from django.apps import AppConfig


class HandoutsConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.handouts"
    label = "handouts"
    default_auto_field = "django.db.models.BigAutoField"
