"""The app `jobs` as Django lists it."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
