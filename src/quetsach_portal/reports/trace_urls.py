"""Addresses of the pages that trace a figure to its parts."""

from django.urls import path

from quetsach_portal.reports.views import trace

app_name = "trace"
urlpatterns = [path("<int:version_id>/<slug:key>/", trace.trace, name="figure")]
