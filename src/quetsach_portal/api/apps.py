"""The app `api` as Django lists it."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
