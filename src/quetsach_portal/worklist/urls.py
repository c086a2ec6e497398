"""The first page."""

from django.urls import path

from quetsach_portal.worklist import views

urlpatterns = [path("", views.home, name="home")]
