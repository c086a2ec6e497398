"""Addresses of the app `letters`."""

from django.urls import path

from quetsach_portal.letters.views import desk, dispatch, letter, signing

app_name = "letters"
urlpatterns = [
    path("", letter.index, name="index"),
    path("of/<int:node_id>/register/", letter.register, name="register"),
    path("of/<int:node_id>/cascade/", letter.cascade, name="cascade"),
    path("of/<int:node_id>/new/", letter.new, name="new"),
    path("of/<int:node_id>/outside/", letter.outside, name="outside"),
    path("<int:letter_id>/", letter.letter, name="letter"),
    path("<int:letter_id>/edit/", letter.edit, name="edit"),
    path("<int:letter_id>/edit/find", letter.find_recipient, name="find_recipient"),
    path("<int:letter_id>/preview", letter.preview, name="preview"),
    path("<int:letter_id>/file/<slug:which>", letter.file, name="file"),
    path("<int:letter_id>/to-clerk", letter.to_clerk, name="to_clerk"),
    path("<int:letter_id>/back/", letter.back, name="back"),
    path("<int:letter_id>/way", signing.way, name="way"),
    path("<int:letter_id>/signer/", signing.signer, name="signer"),
    path("<int:letter_id>/sign/", desk.sign, name="sign"),
    path("<int:letter_id>/sign/<int:number>.png", desk.picture, name="picture"),
    path("<int:letter_id>/sign/remotely/", desk.sign_remotely, name="sign_remotely"),
    path("<int:letter_id>/signed/", signing.signed, name="signed"),
    path("<int:letter_id>/number/", signing.number, name="number"),
    path("<int:letter_id>/original/", signing.original, name="original"),
    path("<int:letter_id>/release/", letter.release, name="release"),
    path("<int:letter_id>/withdraw/", letter.withdraw, name="withdraw"),
    path("<int:letter_id>/dispatch/", dispatch.dispatch, name="dispatch"),
    path("<int:letter_id>/dispatch/ask-dry-run", dispatch.request_dry_run, name="request_dry_run"),
    path("<int:letter_id>/dispatch/dry-run/", dispatch.dry_run, name="dry_run"),
    path("<int:letter_id>/dispatch/start/", dispatch.start, name="start"),
    path("<int:letter_id>/dispatch/pause", dispatch.pause, name="pause"),
    path("<int:letter_id>/dispatch/sheets", dispatch.sheets, name="sheets"),
    path("<int:letter_id>/dispatch/<int:row_id>/", dispatch.row, name="row"),
    path("<int:letter_id>/dispatch/<int:row_id>/has-it", dispatch.mark_received, name="has_it"),
    path("<int:letter_id>/dispatch/<int:row_id>/again", dispatch.resend, name="again"),
    path("<int:letter_id>/dispatch/<int:row_id>/bounced/", dispatch.bounced, name="bounced"),
    path("<int:letter_id>/dispatch/<int:row_id>/handed/", dispatch.handed, name="handed"),
    path("<int:letter_id>/dispatch/<int:row_id>/on-paper", dispatch.on_paper, name="on_paper"),
    path("<int:letter_id>/dispatch/<int:row_id>/sheet", dispatch.sheet, name="sheet"),
]
