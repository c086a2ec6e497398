"""The app `people` as Django lists it."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
