"""URLs of the app `lifecycle`; config/urls.py includes them among those of `campaigns`."""

from django.urls import path

from quetsach_portal.lifecycle import letter_views, views

urlpatterns = [
    path("<int:campaign_id>/letter/", letter_views.launch_letter, name="launch_letter"),
    path("<int:campaign_id>/signing/", letter_views.launch_signing, name="launch_signing"),
    path("<int:campaign_id>/dry-run/", views.dry_run, name="dry_run"),
    path("<int:campaign_id>/start/", views.start, name="start"),
    path("<int:campaign_id>/change/", views.change, name="change"),
    path("<int:campaign_id>/correct/", views.correct, name="correct"),
    path("<int:campaign_id>/end/", views.end, name="end"),
    path("<int:campaign_id>/end/check/", views.end_check, name="end_check"),
    path("<int:campaign_id>/checks/", views.checks, name="checks"),
]
