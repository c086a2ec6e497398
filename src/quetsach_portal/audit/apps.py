"""The app `audit` as Django lists it."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
