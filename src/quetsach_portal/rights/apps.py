"""The app `rights` as Django lists it."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.rights"
    label = "rights"
    default_auto_field = "django.db.models.BigAutoField"
