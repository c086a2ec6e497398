"""Django's settings in the processes of a rehearsal: those of a portal that nothing leaves.

Whatever stands in the environment, there is no mail server, no channel, no feed, no signing
service, no single sign-on and no scanner here; `no_outgoing.py` shuts the door itself.
"""

from dataclasses import replace

from quetsach_portal.config import settings as portal
from quetsach_portal.config.settings import *  # noqa: F403
from quetsach_portal.rehearsals.clock import install
from quetsach_portal.web.scratch_homes import FOLDER, base_path, is_id, read_note

_NOTE = read_note(portal.QUETSACH.home)
if _NOTE is None or not is_id(_NOTE.id) or portal.QUETSACH.home.parent.name != FOLDER:
    raise RuntimeError(f"{portal.QUETSACH.home} is no rehearsal")

REHEARSAL = _NOTE.id
FORCE_SCRIPT_NAME = base_path(REHEARSAL)

QUETSACH = replace(
    portal.QUETSACH,
    debug=False,
    smtp_host="",
    smtp_user="",
    smtp_password="",
    channel_hosts=(),
    feed_hosts=(),
    signing_url="",
    signing_hosts=(),
    stamping_url="",
    backups=None,
    oidc={},
    directory=None,
    clamd="",
    trusted_proxies=(),
    second_factor=False,
    mail_per_second=0,
)
DEBUG = False
EMAIL_HOST = EMAIL_HOST_USER = EMAIL_HOST_PASSWORD = ""
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
SOCIALACCOUNT_PROVIDERS = {}
SECOND_FACTOR_REQUIRED = False

# The real portal's cookies have other names, and are not handed on; these are sent back to these
# pages alone.
SESSION_COOKIE_NAME = f"dt_{REHEARSAL}_session"
CSRF_COOKIE_NAME = f"dt_{REHEARSAL}_csrf"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"{FORCE_SCRIPT_NAME}/"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Who is let in is asked by the real portal at each request; a jump of the clock signs nobody out.
SESSION_COOKIE_AGE = SESSION_LONGEST_S = 2 * 366 * 24 * 3600
SESSION_IDLE_S = SESSION_IDLE_LEADING_S = SESSION_COOKIE_AGE
ACCOUNT_REAUTHENTICATION_TIMEOUT = SESSION_COOKIE_AGE
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
LOGIN_URL = "rehearsal:see_as"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "rehearsal:see_as"

MIDDLEWARE = [
    name
    for settled in portal.MIDDLEWARE
    for name in (
        ("quetsach_portal.rehearsals.inside.band.RehearsalMiddleware", settled)
        if settled == "quetsach_portal.people.roles.middleware.SignedInMiddleware"
        else (settled,)
    )
]

STATIC_ROOT = QUETSACH.home.parent.parent / "static"
"""The real portal's: styles and scripts are the same files at the same addresses."""

install(QUETSACH.home)
