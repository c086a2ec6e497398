"""Addresses of paper reports; config/urls.py puts them among those of `followup`."""

from django.urls import path

from quetsach_portal.reports.views import paper

urlpatterns = [
    path("units/<int:node_id>/paper/<int:phase_id>/", paper.on_paper, name="on_paper"),
    path("paper/<int:paper_id>/remove/", paper.remove_paper, name="remove_paper"),
]
