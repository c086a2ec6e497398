"""The app `register` as Django lists it."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"
