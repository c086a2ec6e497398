"""URLs of figures and codes of units; config/urls.py has the page of a code."""

from django.urls import path

from quetsach_portal.participation import views

app_name = "participation"
urlpatterns = [
    path("<int:node_id>/", views.figures, name="figures"),
    path("<int:node_id>/codes", views.make_codes, name="make_codes"),
    path("codes/<int:code_id>/replace", views.replace_code, name="replace_code"),
    path("codes/<int:code_id>/sheet.pdf", views.sheet, name="sheet"),
]
