"""The app `publishing` as Django lists it."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.publishing"
    label = "publishing"
    default_auto_field = "django.db.models.BigAutoField"
