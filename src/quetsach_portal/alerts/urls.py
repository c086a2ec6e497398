"""Addresses of the list of alerts; config/urls.py has the page that a mail leads to."""

from django.urls import path

from quetsach_portal.alerts import views

app_name = "alerts"
urlpatterns = [
    path("", views.index, name="index"),
    path("channels/", views.channel_list, name="channels"),
    path("channels/add/<int:unit_id>/", views.add_channel, name="add_channel"),
    path("channels/<int:channel_id>/test", views.test_channel, name="test_channel"),
    path("channels/<int:channel_id>/remove", views.remove_channel, name="remove_channel"),
    path("<int:alert_id>/", views.reply, name="reply"),
]
