"""Addresses of the materials of units."""

from django.urls import path

from quetsach_portal.participation.handouts import views

app_name = "handouts"
urlpatterns = [
    path("<int:node_id>/", views.index, name="index"),
    path("editions/<int:version_id>", views.edition, name="edition"),
]
