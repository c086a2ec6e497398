"""The app `calendars` as Django lists it."""

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.calendars"
    label = "calendars"
    default_auto_field = "django.db.models.BigAutoField"
