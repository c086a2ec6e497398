"""Who may open the pages of signing in and of one's own account."""

from collections.abc import Mapping
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from quetsach_portal.people.models.roles import Role
from tests.portal.access.row import ALL, EVERYWHERE, Row
from tests.portal.world import World


def _key(world: World, code: str) -> Mapping[str, Any]:
    """Make a security key of the focal point in the unit."""
    key = Authenticator.objects.create(
        user=world.user(code, Role.FOCAL_POINT),
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "K", "credential": {}},
    )
    return {"pk": key.pk}


def _factor(world: World, code: str) -> Mapping[str, Any]:
    """Make a code app and spare codes of the focal point in the unit."""
    user = world.user(code, Role.FOCAL_POINT)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    return {}


def _no_form(world: World, code: str) -> dict[str, str]:
    return {"token": "khong-co"}


def _reset(world: World, code: str) -> Mapping[str, Any]:
    """Make a link for a forgotten password of the focal point in the unit."""
    user = world.user(code, Role.FOCAL_POINT)
    uid = user_pk_to_url_str(user)
    return {"uidb36": uid, "key": default_token_generator.make_token(user)}


MINE = {"own": "FP"}
NO_SUCH = 404
# allauth writes down when spare codes were shown first.
FIRST_VIEW = ("mfa.Authenticator",)

ROWS = (
    Row("account_login", get=ALL, post=ALL, public=True),
    Row("account_logout", get=ALL, post=ALL, public=True),
    Row("account_inactive", get=ALL, public=True, post=None),
    Row("account_signup", get=ALL, public=True),
    Row("account_email", get=ALL),
    Row("account_set_password", get=ALL),
    Row("account_reset_password", get=ALL, post=ALL, public=True, data={"email": "x@y.example"}),
    Row("account_reset_password_done", get=ALL, public=True),
    # Whoever holds the link may use it: that is what it is for.
    Row(
        "account_reset_password_from_key",
        make=_reset,
        get=EVERYWHERE,
        post=EVERYWHERE,
        public=True,
        without_seat=200,
    ),
    Row("account_reset_password_from_key_done", get=ALL, public=True),
    Row("account_reauthenticate", get=ALL, post=ALL),
    Row("account_change_password", get=ALL, post=ALL),
    Row("usersessions_list", get=ALL, post=ALL),
    # Who knows no token finds nothing, and is led to the first page.
    Row("kept_form", make=_no_form, get=EVERYWHERE, without_seat=200),
    Row("discard_kept_form", get=None, post=ALL),
    Row("profile", get=ALL, post=ALL, data={"name": "Tên Mới", "language": "vi"}),
    Row("second_factor", get=ALL),
    Row("my_data", get=ALL, post=ALL, data={"reason": "Chuyển công tác"}),
    Row("my_data_json", get=ALL),
    Row("my_data_html", get=ALL),
    Row("my_data_withdraw", get=None, post=ALL),
    Row("mfa_index", get=ALL),
    # It sends who is not in the middle of signing in to the sign-in page.
    Row("mfa_authenticate", get=ALL, post=ALL, public=True),
    Row("mfa_activate_totp", get=ALL, post=ALL),
    Row("mfa_generate_recovery_codes", get=ALL, post=ALL),
    Row("mfa_view_recovery_codes", make=_factor, personal=True, get=MINE, notes=FIRST_VIEW),
    Row("mfa_download_recovery_codes", make=_factor, personal=True, get=MINE, notes=FIRST_VIEW),
    Row("mfa_deactivate_totp", make=_factor, personal=True, get=MINE, post=MINE),
    Row("mfa_list_webauthn", get=ALL),
    Row("mfa_add_webauthn", get=ALL, post=ALL),
    # They send who has no second factor to the question for the password.
    Row("mfa_reauthenticate", always="sign in"),
    Row("mfa_reauthenticate_webauthn", always="sign in"),
    Row("mfa_edit_webauthn", make=_key, get=MINE, post=MINE, data={"name": "Khóa USB"}),
    Row("mfa_remove_webauthn", make=_key, get=MINE, post=MINE),
    # No directory is set in these tests; people/directory/test_signing_in.py has one.
    Row("directory_sign_in", always=NO_SUCH),
    # No provider is set in these tests; test_oidc.py has one.
    Row("openid_connect_login", make=lambda *_: {"provider_id": "sso"}, always=NO_SUCH),
    Row("openid_connect_callback", make=lambda *_: {"provider_id": "sso"}, always=NO_SUCH),
    Row("socialaccount_login_cancelled", get=ALL, public=True),
    Row("socialaccount_login_error", always=401),
)
