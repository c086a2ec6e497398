"""URLs of figures and codes of units; config/urls.py has the page of a code."""

from django.urls import path

from quetsach_portal.participation import views
from quetsach_portal.participation.slips import views as slips

app_name = "participation"
urlpatterns = [
    path("<int:node_id>/", views.figures, name="figures"),
    path("<int:node_id>/codes", views.make_codes, name="make_codes"),
    path("codes/<int:code_id>/replace", views.replace_code, name="replace_code"),
    path("codes/<int:code_id>/sheet.pdf", views.sheet, name="sheet"),
    path("<int:node_id>/slips/", slips.index, name="slips"),
    path("<int:node_id>/slips/print", slips.print_lot, name="print_slips"),
    path("<int:node_id>/slips/burst", slips.confirm_burst, name="confirm_burst"),
    path("slips/<int:lot_id>/revoke", slips.revoke, name="revoke_slips"),
    path("slips/<int:lot_id>/strike", slips.strike, name="strike_slips"),
]
