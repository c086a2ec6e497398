"""The app `web` as Django lists it."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
