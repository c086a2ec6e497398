"""The app `cases` as Django lists it."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
