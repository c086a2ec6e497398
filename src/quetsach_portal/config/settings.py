"""Django's settings, from the environment alone; what each variable means: environment.py."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from quetsach_portal.config.environment import read_environment

QUETSACH = read_environment(os.environ)

_HERE = Path(__file__).parents[1]

SECRET_KEY = QUETSACH.secret_key
DEBUG = QUETSACH.debug
ALLOWED_HOSTS = list(QUETSACH.hosts)
CSRF_TRUSTED_ORIGINS = [QUETSACH.public_url]
ROOT_URLCONF = "quetsach_portal.config.urls"
WSGI_APPLICATION = "quetsach_portal.config.wsgi.application"
DATABASES = {"default": dict(QUETSACH.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In the order of the layers, lowest last; .importlinter holds the code against it.
PORTAL_APPS = [
    "quetsach_portal.api",
    "quetsach_portal.today",
    "quetsach_portal.intake",
    "quetsach_portal.oversight",
    "quetsach_portal.cases",
    "quetsach_portal.participation",
    "quetsach_portal.campaigns",
    "quetsach_portal.rights",
    "quetsach_portal.units",
    "quetsach_portal.people",
    "quetsach_portal.files",
    "quetsach_portal.jobs",
    "quetsach_portal.audit",
    "quetsach_portal.web",
]

INSTALLED_APPS = [
    *PORTAL_APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "ninja",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "quetsach_portal.web.language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "quetsach_portal.rights.signed_in.SignedInMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "web/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "quetsach_portal.web.chrome.chrome",
            ],
            "builtins": ["quetsach_portal.web.templatetags.web"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Language and places. Vietnamese first; the switch is kept with the user.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [_HERE / "locale"]
FORMAT_MODULE_PATH = ["quetsach_portal.config.formats"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = QUETSACH.home / "static"
STATICFILES_DIRS: list[Path] = []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "quetsach_portal.web.assets.HashedStorage"},
}

# Who signs in, and how.
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "quetsach_portal.people.account_adapter.AccountAdapter"
# Weighty acts ask again who is there after so many seconds: rights/again.py.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# Roles that decide for others sign in with two factors; "off" is for the demo and one office's PC.
SECOND_FACTOR_REQUIRED = QUETSACH.second_factor
SESSION_COOKIE_AGE = 10 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = QUETSACH.https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

# Nothing is loaded from elsewhere, and no page holds a script or style of its own.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 31_536_000 if QUETSACH.https else 0
SECURE_SSL_REDIRECT = False

# Which function does which background job; the worker knows no other.
JOB_HANDLERS: dict[str, str] = {
    "intake.checked": "quetsach_portal.intake.queue.file_checked",
    "intake.destroy_raw": "quetsach_portal.intake.retention.destroy_raw",
    "intake.sweep": "quetsach_portal.intake.sweeping.run",
    "intake.tidy": "quetsach_portal.intake.retention.tidy",
    "audit.verify": "quetsach_portal.oversight.actions.check_trail",
    "files.check": "quetsach_portal.files.checking.check_file",
    "files.expire": "quetsach_portal.files.expiry.expire",
    "cases.ask_for_all": "quetsach_portal.cases.rejudging.ask_for_all",
    "cases.judge_node": "quetsach_portal.cases.rejudging.judge_node",
    "cases.trace": "quetsach_portal.cases.tracing.run",
    "campaigns.check_tallies": "quetsach_portal.campaigns.recount.check_all",
    "campaigns.dry_run": "quetsach_portal.campaigns.dry_run.run",
    "campaigns.freeze": "quetsach_portal.campaigns.actions.tree.run_freeze",
    "campaigns.make_release": "quetsach_portal.campaigns.actions.releases.run_make_release",
    "campaigns.read_letter": "quetsach_portal.campaigns.actions.letter.run_read_letter",
    "lists.make": "quetsach_portal.api.lists.run",
    "participation.roll": "quetsach_portal.participation.rolling.run",
}
# Long work, of which a person has two at a time running and the rest waiting.
HEAVY_JOBS = frozenset({"intake.sweep"})
# What is asked for again and again: kind -> every so many seconds.
PERIODIC_JOBS: dict[str, int] = {
    "intake.destroy_raw": 24 * 3600,
    "intake.tidy": 24 * 3600,
    "files.expire": 3600,
    "audit.verify": 86_400,
    "cases.ask_for_all": 3600,
    "campaigns.check_tallies": 86_400,
    "lists.make": 300,
    "participation.roll": 60,
}

# Which function knows the evidence of a node in which notices are traced.
TRACE_EVIDENCE = "quetsach_portal.intake.tracing.evidence_of"
# What of the counters an app above `campaigns` moves: (campaign) -> {figure: {node id: own number}}.
TALLY_SOURCES: list[str] = []
# What apps above `campaigns` would send or show after a start: campaigns/dry_run.py.
DRY_RUN_CHECKS: list[str] = []
# What apps above `campaigns` take away when a campaign is archived: (campaign) -> {what: rows}.
ARCHIVE_PURGES: list[str] = []

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if QUETSACH.smtp_host
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = QUETSACH.smtp_host
EMAIL_PORT = QUETSACH.smtp_port
EMAIL_HOST_USER = QUETSACH.smtp_user
EMAIL_HOST_PASSWORD = QUETSACH.smtp_password
DEFAULT_FROM_EMAIL = QUETSACH.mail_from

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 256_000
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_HANDLERS = ["quetsach_portal.files.receiving.DigestingUpload"]
# Who may have files, by what they are for: purpose -> function (request, stored) -> bool.
FILE_ACCESS: dict[str, str] = {}
# What is asked for when a file was checked: purpose -> kind of job, with {"file": id}.
FILE_CHECKED_JOBS: dict[str, str] = {
    "evidence": "intake.checked",
    "findings": "intake.checked",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
