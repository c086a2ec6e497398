"""URLs of the calendar pages; config/urls.py has the calendar itself."""

from django.urls import path

from quetsach_portal.campaigns.calendar import views

app_name = "calendars"
urlpatterns = [
    path("units/<int:unit_id>/", views.unit, name="unit"),
    path("<int:feed_id>/end", views.end, name="end"),
]
