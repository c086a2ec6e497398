"""Addresses of public figures: for the lead office, and for everybody."""

from django.urls import path

from quetsach_portal.publishing.figures import views

app_name = "public_figures"
urlpatterns = [
    path("campaigns/<int:campaign_id>/", views.index, name="index"),
    path("campaigns/<int:campaign_id>/prepare/", views.prepare, name="prepare"),
    path("<int:figures_id>/publish", views.publish, name="publish"),
    path("<int:figures_id>/withdraw/", views.withdraw, name="withdraw"),
]

open_urlpatterns = [
    path("", views.everybody, name="all"),
    path("<int:campaign_id>/", views.of_campaign, name="campaign"),
    path("<int:campaign_id>/figures.json", views.of_campaign_json, name="json"),
]
