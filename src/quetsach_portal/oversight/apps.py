"""The app `oversight` as Django lists it."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.oversight"
    label = "oversight"
    default_auto_field = "django.db.models.BigAutoField"
