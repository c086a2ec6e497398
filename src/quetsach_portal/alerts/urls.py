"""Addresses of the list of alerts; config/urls.py has the page that a mail leads to."""

from django.urls import path

from quetsach_portal.alerts import views

app_name = "alerts"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:alert_id>/", views.reply, name="reply"),
]
