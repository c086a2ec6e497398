"""Addresses of the public page's own desk in the lead office."""

from django.urls import path

from quetsach_portal.publishing import views

app_name = "publishing"
urlpatterns = [
    path("campaigns/<int:campaign_id>/", views.index, name="index"),
    path("campaigns/<int:campaign_id>/page/", views.page, name="page"),
    path("campaigns/<int:campaign_id>/show", views.show, name="show"),
    path("campaigns/<int:campaign_id>/hide", views.hide, name="hide"),
    path("campaigns/<int:campaign_id>/write", views.write, name="write"),
]
