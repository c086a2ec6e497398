"""The app `campaigns` as Django lists it."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.campaigns"
    label = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"
