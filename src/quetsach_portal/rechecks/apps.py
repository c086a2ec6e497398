"""The app `rechecks` as Django lists it."""

from django.apps import AppConfig


class RechecksConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.rechecks"
    label = "rechecks"
    default_auto_field = "django.db.models.BigAutoField"
