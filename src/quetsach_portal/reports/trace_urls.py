"""Addresses of the pages that trace a figure to its parts."""

from django.urls import path

from quetsach_portal.reports.views import reading

app_name = "trace"
urlpatterns = [path("<int:version_id>/<slug:key>/", reading.trace, name="figure")]
