"""The app `today` as Django lists it."""

from django.apps import AppConfig


class TodayConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.today"
    label = "today"
    default_auto_field = "django.db.models.BigAutoField"
