"""Django's settings, from the environment over a file: environment.py, setting_keys.py."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from quetsach_portal.config.environment import oidc_providers, origins_of, read_environment
from quetsach_portal.config.setting_keys import variables_of_file

# What a process of the portal starts has the same settings; a variable goes before the file.
for _name, _text in variables_of_file(os.environ).items():
    os.environ.setdefault(_name, _text)

QUETSACH = read_environment(os.environ)

_HERE = Path(__file__).parents[1]

REHEARSAL = ""
"""The id of the rehearsal that this process serves: rehearsal_settings.py; "" in a real portal."""

SECRET_KEY = QUETSACH.secret_key
DEBUG = QUETSACH.debug
ALLOWED_HOSTS = list(QUETSACH.hosts)
CSRF_TRUSTED_ORIGINS = [QUETSACH.public_url]
ROOT_URLCONF = "quetsach_portal.config.urls"
WSGI_APPLICATION = "quetsach_portal.config.serving.application"
DATABASES = {"default": dict(QUETSACH.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In the order of the layers, lowest last; .importlinter holds the code against it.
PORTAL_APPS = [
    "quetsach_portal.demo_district",
    "quetsach_portal.api",
    "quetsach_portal.worklist",
    "quetsach_portal.sensors",
    "quetsach_portal.prints",
    "quetsach_portal.lists",
    "quetsach_portal.intake",
    "quetsach_portal.planted",
    "quetsach_portal.rehearsals",
    "quetsach_portal.operations",
    "quetsach_portal.lifecycle",
    "quetsach_portal.publishing",
    "quetsach_portal.dashboards",
    "quetsach_portal.reports",
    "quetsach_portal.ranges",
    "quetsach_portal.alerts",
    "quetsach_portal.cases",
    "quetsach_portal.participation",
    "quetsach_portal.letters",
    "quetsach_portal.register",
    "quetsach_portal.followup",
    "quetsach_portal.looks",
    "quetsach_portal.campaigns",
    "quetsach_portal.units",
    "quetsach_portal.people",
    "quetsach_portal.files",
    "quetsach_portal.mail",
    "quetsach_portal.jobs",
    "quetsach_portal.audit",
    "quetsach_portal.web",
]

INSTALLED_APPS = [
    # For the command `work`, which hands config/jobs.py to the worker.
    "quetsach_portal.config",
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
    "quetsach_portal.web.degraded.DegradedMiddleware",
    "quetsach_portal.web.public_address.PublicAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "quetsach_portal.web.frame.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Before allauth's, which ask whose address it is.
    "quetsach_portal.people.roles.middleware.SignedInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # The last: after the token of a form was looked at.
    "quetsach_portal.web.plain_text.PlainFieldsMiddleware",
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
                "quetsach_portal.web.frame.chrome",
            ],
            # The rail of the preparation stands on pages of four apps; what it asks is above them.
            "libraries": {"launch": "quetsach_portal.lifecycle.launch_rail"},
            # Numbers of rows in addresses are written without the dots of thousands: unlocalize.
            "builtins": [
                "quetsach_portal.web.templatetags.web",
                # No page shows a figure of machines otherwise.
                "quetsach_portal.looks.templatetags.looks",
                # Every heading may lead to the help; the bell stands in every head.
                "quetsach_portal.worklist.templatetags.guide",
                "django.templatetags.l10n",
            ],
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
    "staticfiles": {"BACKEND": "quetsach_portal.web.frame.HashedStorage"},
}

# Who signs in, and how.
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["quetsach_portal.people.sessions.AccountBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "quetsach_portal.people.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "quetsach_portal.people.sign_in_forms.SignInForm",
    "change_password": "quetsach_portal.people.sign_in_forms.ChangePasswordForm",
    "reset_password": "quetsach_portal.people.sign_in_forms.ForgottenPasswordForm",
    "reset_password_from_key": "quetsach_portal.people.sign_in_forms.NewPasswordForm",
    "reauthenticate": "quetsach_portal.people.sign_in_forms.ConfirmByPasswordForm",
}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Wrong passwords are slowed per account in the database (people/login_delay.py), not here.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "reset_password": "20/m/ip,5/m/key"}
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "quetsach_portal.people.roles.passwords.OwnWordsValidator"},
]
PASSWORD_RESET_TIMEOUT = 72 * 3600
MFA_ADAPTER = "quetsach_portal.people.adapters.FactorAdapter"
MFA_FORMS = {
    "authenticate": "quetsach_portal.people.sign_in_forms.SignInCodeForm",
    "reauthenticate": "quetsach_portal.people.sign_in_forms.ConfirmByCodeForm",
    "activate_totp": "quetsach_portal.people.sign_in_forms.SetUpAppForm",
    "add_webauthn": "quetsach_portal.people.sign_in_forms.AddKeyForm",
    "authenticate_webauthn": "quetsach_portal.people.sign_in_forms.UseKeyForm",
    "reauthenticate_webauthn": "quetsach_portal.people.sign_in_forms.ConfirmByKeyForm",
    "edit_webauthn": "quetsach_portal.people.sign_in_forms.RenameKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "quét sạch"
# The clock of an old PC or phone may be half a minute off.
MFA_TOTP_TOLERANCE = 1
# Browsers offer security keys over HTTPS, and on localhost for the demo.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not QUETSACH.https
SOCIALACCOUNT_ADAPTER = "quetsach_portal.people.adapters.OtherAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = oidc_providers(QUETSACH.oidc)
# Weighty acts ask again who is there after so many seconds: people/roles/second_person.py.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# Roles that decide for others sign in with two factors; "off" is for the demo and one office's PC.
SECOND_FACTOR_REQUIRED = QUETSACH.second_factor
SESSION_ENGINE = "quetsach_portal.people.sessions"
# How long a session lasts without a request, and in all: people/sessions.py.
SESSION_IDLE_S, SESSION_IDLE_LEADING_S = 2 * 3600, 30 * 60
SESSION_LONGEST_S = SESSION_COOKIE_AGE = 12 * 3600
# The prefix keeps other hosts of the domain from setting them; a browser takes it over https alone.
_HOST = "__Host-" if QUETSACH.https else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_HOST}sessionid", f"{_HOST}csrftoken"
MESSAGE_STORAGE = "quetsach_portal.web.public_address.MessageStore"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = QUETSACH.https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "quetsach_portal.web.frame.sent_from_elsewhere"

# Nothing is loaded from elsewhere, and no page holds a script or style of its own.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # A browser holds the whole way of a form against this, up to the other system's page.
        "form-action": [SELF, *origins_of(QUETSACH.oidc)],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 31_536_000 if QUETSACH.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = QUETSACH.https
SECURE_SSL_REDIRECT = False

EMAIL_HOST = QUETSACH.smtp_host
EMAIL_PORT = QUETSACH.smtp_port
EMAIL_HOST_USER = QUETSACH.smtp_user
EMAIL_HOST_PASSWORD = QUETSACH.smtp_password
EMAIL_USE_TLS = QUETSACH.smtp_tls == "starttls"
EMAIL_USE_SSL = QUETSACH.smtp_tls == "tls"
DEFAULT_FROM_EMAIL = QUETSACH.mail_from

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 256_000
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_HANDLERS = ["quetsach_portal.files.receiving.DigestingUpload"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "quetsach_portal.config.logging.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
