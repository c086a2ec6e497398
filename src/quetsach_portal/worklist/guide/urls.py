"""The help."""

from django.urls import path

from quetsach_portal.worklist.guide import views

app_name = "guide"
urlpatterns = [
    path("", views.index, name="index"),
    path("subjects/", views.subjects, name="subjects"),
    path("words/", views.words, name="words"),
    path("<slug:key>/", views.role, name="role"),
]
