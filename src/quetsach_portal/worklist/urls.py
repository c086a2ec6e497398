"""The first page, and the search."""

from django.urls import path

from quetsach_portal.worklist import views

urlpatterns = [path("", views.home, name="home"), path("find/", views.find, name="find")]
