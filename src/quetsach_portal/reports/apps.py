"""The app `reports` as Django lists it."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"
