"""Addresses of the report form of a phase."""

from django.urls import path

from quetsach_portal.reports.phase_forms import views

app_name = "phase_forms"
urlpatterns = [
    path("<int:campaign_id>/<int:phase_id>/", views.choose, name="choose"),
    path("<int:campaign_id>/<int:phase_id>/confirm", views.confirm, name="confirm"),
]
