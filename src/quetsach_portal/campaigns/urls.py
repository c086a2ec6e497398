"""Addresses of the app `campaigns`."""

from django.urls import path

from quetsach_portal.campaigns.views import (
    letter,
    materials,
    overview,
    phases,
    preparing,
    release,
    tree,
)

app_name = "campaigns"
urlpatterns = [
    path("", overview.index, name="index"),
    path("new/", letter.by_hand, name="by_hand"),
    path("new/letter/", letter.from_letter, name="from_letter"),
    path("new/letter/<int:reading_id>/", letter.review, name="review"),
    path("<int:campaign_id>/", overview.show, name="show"),
    path("<int:campaign_id>/setup/", preparing.setup, name="setup"),
    path("<int:campaign_id>/setup/basics/", preparing.basics, name="basics"),
    path("<int:campaign_id>/setup/tasks/", preparing.tasks, name="tasks"),
    path("<int:campaign_id>/setup/appendix/", preparing.appendix, name="appendix"),
    path("<int:campaign_id>/phases/", phases.phases, name="phases"),
    path("<int:campaign_id>/phases/new/", phases.new_phase, name="new_phase"),
    path("<int:campaign_id>/phases/<int:phase_id>/", phases.phase, name="phase"),
    path("<int:campaign_id>/phases/<int:phase_id>/end", phases.end_phase, name="end_phase"),
    path("<int:campaign_id>/tree/", tree.tree, name="tree"),
    path("<int:campaign_id>/tree/freeze/", tree.freeze, name="freeze"),
    path("<int:campaign_id>/contacts/", tree.contacts, name="contacts"),
    path("<int:campaign_id>/release/", release.release, name="release"),
    path("<int:campaign_id>/release/lists", release.from_lists, name="from_lists"),
    path("<int:campaign_id>/release/file", release.release_file, name="release_file"),
    path("<int:campaign_id>/materials/", materials.materials, name="materials"),
    path("<int:campaign_id>/materials/new/", materials.new_material, name="new_material"),
    path(
        "<int:campaign_id>/materials/<int:material_id>/file",
        materials.material_file,
        name="material_file",
    ),
    path("<int:campaign_id>/materials/<int:material_id>/pulls/", materials.pulls, name="pulls"),
    path(
        "<int:campaign_id>/materials/<int:material_id>/end",
        materials.end_material,
        name="end_material",
    ),
]
