"""Addresses of the app `prints`."""

from django.urls import path

from quetsach_portal.prints import views

app_name = "prints"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:campaign_id>/ask", views.ask, name="ask"),
    path("hits/<int:hit_id>/evidence", views.request_evidence, name="evidence"),
]
