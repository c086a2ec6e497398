"""Addresses of the app `campaigns`."""

from django.urls import path

from quetsach_portal.campaigns.views import deadlines, preparing, running

app_name = "campaigns"
urlpatterns = [
    path("", preparing.index, name="index"),
    path("new/", preparing.by_hand, name="by_hand"),
    path("new/letter/", preparing.from_letter, name="from_letter"),
    path("new/letter/<int:reading_id>/", preparing.review, name="review"),
    path("<int:campaign_id>/", preparing.show, name="show"),
    path("<int:campaign_id>/setup/", preparing.setup, name="setup"),
    path("<int:campaign_id>/setup/basics/", preparing.basics, name="basics"),
    path("<int:campaign_id>/setup/tasks/", preparing.tasks, name="tasks"),
    path("<int:campaign_id>/setup/appendix/", preparing.appendix, name="appendix"),
    path("<int:campaign_id>/deadlines/", deadlines.deadlines, name="deadlines"),
    path("<int:campaign_id>/phases/", preparing.phases, name="phases"),
    path("<int:campaign_id>/phases/new/", preparing.new_phase, name="new_phase"),
    path("<int:campaign_id>/phases/<int:phase_id>/", preparing.phase, name="phase"),
    path("<int:campaign_id>/phases/<int:phase_id>/end", preparing.end_phase, name="end_phase"),
    path("<int:campaign_id>/tree/", running.tree, name="tree"),
    path("<int:campaign_id>/tree/freeze/", running.freeze, name="freeze"),
    path("<int:campaign_id>/tree/outside/", running.outside, name="outside"),
    path("<int:campaign_id>/contacts/", running.contacts, name="contacts"),
    path("<int:campaign_id>/release/", running.release, name="release"),
    path("<int:campaign_id>/release/lists", running.from_lists, name="from_lists"),
    path("<int:campaign_id>/release/file", running.release_file, name="release_file"),
    path("<int:campaign_id>/materials/", running.materials, name="materials"),
    path("<int:campaign_id>/materials/new/", running.new_material, name="new_material"),
    path(
        "<int:campaign_id>/materials/<int:material_id>/file",
        running.material_file,
        name="material_file",
    ),
    path("<int:campaign_id>/materials/<int:material_id>/pulls/", running.pulls, name="pulls"),
    path(
        "<int:campaign_id>/materials/<int:material_id>/end",
        running.end_material,
        name="end_material",
    ),
]
