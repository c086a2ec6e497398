"""The first page with its acts, and the search."""

from django.urls import path

from quetsach_portal.worklist import views

urlpatterns = [
    path("", views.home, name="home"),
    path("today/units/<int:node_id>/receive", views.receive, name="today_receive"),
    path("today/units/<int:node_id>/look", views.look, name="today_look"),
    path("today/reports/<int:slot_id>/send", views.send, name="today_send"),
    path("today/next/", views.go_to_next, name="today_next"),
    path("find/", views.find, name="find"),
]
