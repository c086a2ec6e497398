"""URLs of the pages for the public page."""

from django.urls import path

from quetsach_portal.publishing import views
from quetsach_portal.publishing.lists import views as lists_views
from quetsach_portal.publishing.spoken import views as spoken_views
from quetsach_portal.publishing.tools import views as tools_views

app_name = "publishing"
urlpatterns = [
    path("campaigns/<int:campaign_id>/", views.index, name="index"),
    path("campaigns/<int:campaign_id>/page/", views.page, name="page"),
    path("campaigns/<int:campaign_id>/open-list", views.open_list, name="open_list"),
    path("campaigns/<int:campaign_id>/open-list/end", views.end_open_list, name="end_open_list"),
    path("changes/<int:change_id>/agree", views.agree, name="agree_change"),
    path("changes/<int:change_id>/drop", views.drop_change, name="drop_change"),
    path("campaigns/<int:campaign_id>/show", views.show, name="show"),
    path("campaigns/<int:campaign_id>/close/", views.close, name="close"),
    path("campaigns/<int:campaign_id>/write", views.write_now, name="write"),
    path("campaigns/<int:campaign_id>/lists/<str:kind>/", lists_views.hand_in, name="hand_in"),
    path("lists/<int:list_id>/", lists_views.show, name="list"),
    path("lists/<int:list_id>/take", lists_views.take, name="take_list"),
    path("lists/<int:list_id>/drop", lists_views.drop, name="drop_list"),
    path("campaigns/<int:campaign_id>/texts/", spoken_views.texts, name="texts"),
    path(
        "campaigns/<int:campaign_id>/texts/<str:language>/<str:part>/",
        spoken_views.review,
        name="review",
    ),
    path(
        "campaigns/<int:campaign_id>/recordings/<str:key>/<str:language>/",
        spoken_views.record,
        name="record",
    ),
    path("recordings/<int:recording_id>/", spoken_views.hear, name="recording"),
    path("recordings/<int:recording_id>/publish", spoken_views.publish, name="publish_recording"),
    path("recordings/<int:recording_id>/end", spoken_views.end, name="end_recording"),
    path("campaigns/<int:campaign_id>/tools/", tools_views.index, name="tools"),
    path("campaigns/<int:campaign_id>/tools/new/", tools_views.draft, name="draft_tool"),
    path("campaigns/<int:campaign_id>/tools/key.pem", tools_views.key, name="tools_key"),
    path("tools/<int:tool_id>/publish/", tools_views.publish, name="publish_tool"),
    path("tools/<int:tool_id>/drop", tools_views.drop, name="drop_tool"),
    path("tools/<int:tool_id>/withdraw/", tools_views.withdraw, name="withdraw_tool"),
]
