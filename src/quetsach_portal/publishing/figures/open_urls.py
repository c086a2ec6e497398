"""URLs of public figures for everybody."""

from django.urls import path

from quetsach_portal.publishing.figures import views

app_name = "public"
urlpatterns = [
    path("", views.everybody, name="all"),
    path("<int:campaign_id>/", views.of_campaign, name="campaign"),
    path("<int:campaign_id>/figures.json", views.of_campaign_json, name="json"),
]
