"""The app `public_figures` as Django lists it."""

from django.apps import AppConfig


class PublicFiguresConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.public_figures"
    label = "public_figures"
    default_auto_field = "django.db.models.BigAutoField"
