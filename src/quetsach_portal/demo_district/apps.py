"""The app `demo_district` as Django lists it."""

from django.apps import AppConfig


class DemoDistrictConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.demo_district"
    label = "demo_district"
    default_auto_field = "django.db.models.BigAutoField"
