"""The app `dashboards` as Django lists it."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.dashboards"
    label = "dashboards"
    default_auto_field = "django.db.models.BigAutoField"
