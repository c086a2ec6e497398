"""Addresses of roles (`rights`) and of signing in: of allauth's pages only those that are meant.

No sign-up, no second e-mail address, no connecting of accounts by hand: an account begins with an
invitation, and its address is the one that was invited.
"""

from collections.abc import Callable
from functools import wraps

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as other_accounts
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import path, re_path

from quetsach_portal.people import other_system
from quetsach_portal.people import views as people_views
from quetsach_portal.people.directory import views as directory
from quetsach_portal.people.roles import views

_View = Callable[..., HttpResponseBase]


def _whole(view: _View) -> _View:
    """Return `view`, whose POST is one transaction: a factor, its row in the trail, its mail.

    allauth commits one after the other, and a process killed in between would have told nobody.
    Pages that count tries stay as they are: a try counts whatever becomes of the request.
    """

    @wraps(view)
    def answered(request: HttpRequest, *arguments: object, **named: object) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *arguments, **named)
        with transaction.atomic():
            return view(request, *arguments, **named)

    return answered


app_name = "rights"
urlpatterns = [
    path("", views.index, name="index"),
    path("unit/<int:unit_id>/", views.unit, name="unit"),
    path("unit/<int:unit_id>/invite", views.invite, name="invite"),
    path("invitation/<int:invitation_id>/again", views.resend_invitation, name="send_again"),
    path("invitation/<int:invitation_id>/withdraw", views.withdraw, name="withdraw"),
    path("role/<int:assignment_id>/end", views.end, name="end"),
    path("hand-over", views.hand_over, name="hand_over"),
    path("person/<int:user_id>/", views.person, name="person"),
    path("person/<int:user_id>/link", views.person_act, {"act": "link"}, name="new_link"),
    path("person/<int:user_id>/off", views.person_act, {"act": "off"}, name="switch_off"),
    path("person/<int:user_id>/on", views.person_act, {"act": "on"}, name="switch_on"),
    path("person/<int:user_id>/factors", views.person_act, {"act": "factors"}, name="drop_factors"),
]

account_urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("directory/", directory.sign_in, name="directory_sign_in"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", _whole(account.password_change), name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        _whole(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("sessions/", people_views.sessions, name="usersessions_list"),
    path("2fa/", factors.index, name="mfa_index"),
    path("2fa/authenticate/", factors.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", _whole(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", _whole(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        _whole(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("2fa/webauthn/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", _whole(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(
        "2fa/webauthn/reauthenticate/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "2fa/webauthn/keys/<int:pk>/edit/", _whole(webauthn.edit_webauthn), name="mfa_edit_webauthn"
    ),
    path(
        "2fa/webauthn/keys/<int:pk>/remove/",
        _whole(webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path("oidc/<slug:provider_id>/login/", other_system.sign_in, name="openid_connect_login"),
    path(
        "oidc/<slug:provider_id>/login/callback/",
        other_system.sign_in_answer,
        name="openid_connect_callback",
    ),
    path("oidc/cancelled/", other_accounts.login_cancelled, name="socialaccount_login_cancelled"),
    path("oidc/error/", other_accounts.login_error, name="socialaccount_login_error"),
    # Names that allauth looks up and whose pages the portal has not.
    path("signup/", people_views.by_invitation, name="account_signup"),
    path("email/", people_views.to_profile, name="account_email"),
    path("password/set/", people_views.to_profile, name="account_set_password"),
    path("form/<str:token>/", people_views.kept_form, name="kept_form"),
    path("form-discarded/", people_views.discard_kept_form, name="discard_kept_form"),
    path("profile/", people_views.profile, name="profile"),
    path("second-factor/", people_views.second_factor, name="second_factor"),
]
