"""Addresses of the trail and the jobs."""

from django.urls import path

from quetsach_portal.operations import views

app_name = "oversight"
urlpatterns = [
    path("audit/", views.trail, name="trail"),
    path("audit/export.jsonl", views.export, name="export"),
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<int:job_id>/repeat", views.repeat, name="repeat"),
]
