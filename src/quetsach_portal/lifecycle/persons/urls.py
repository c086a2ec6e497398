"""Addresses of one's own data and of its erasure; config/urls.py includes them below account/."""

from django.urls import path

from quetsach_portal.lifecycle.persons import views

urlpatterns = [
    path("my-data/", views.my_data, name="my_data"),
    path("my-data/copy.json", views.copy_json, name="my_data_json"),
    path("my-data/copy.html", views.copy_html, name="my_data_html"),
    path("my-data/withdraw", views.withdraw, name="my_data_withdraw"),
    path("erasure/<int:user_id>/", views.erasure, name="erasure"),
]
