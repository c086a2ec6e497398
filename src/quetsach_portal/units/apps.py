"""The app `units` as Django lists it."""

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.units"
    label = "units"
    default_auto_field = "django.db.models.BigAutoField"
