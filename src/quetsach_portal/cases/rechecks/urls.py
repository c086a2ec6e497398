"""Addresses of the app `rechecks`."""

from django.urls import path

from quetsach_portal.cases.rechecks import views

app_name = "rechecks"
urlpatterns = [
    path("units/<int:node_id>/", views.unit, name="unit"),
    path("units/<int:node_id>/draw/", views.draw, name="new"),
    path("<int:draw_id>/", views.show, name="draw"),
    path("<int:draw_id>/frame.txt", views.frame, name="frame"),
    path("<int:draw_id>/give", views.give, name="give"),
    path("<int:draw_id>/finish", views.finish, name="finish"),
    path("<int:draw_id>/give-up/", views.give_up, name="give_up"),
    path("<int:draw_id>/<int:place>/", views.answer, name="answer"),
]
