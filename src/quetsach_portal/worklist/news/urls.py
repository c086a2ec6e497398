"""News."""

from django.urls import path

from quetsach_portal.worklist.news import views

app_name = "news"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:event_id>/open", views.open_event, name="open"),
    path("read-all", views.read_all, name="read_all"),
]
