"""The app `followup` as Django lists it."""

from django.apps import AppConfig


class FollowupConfig(AppConfig):
    """Name and label of the app."""

    name = "quetsach_portal.followup"
    label = "followup"
    default_auto_field = "django.db.models.BigAutoField"
