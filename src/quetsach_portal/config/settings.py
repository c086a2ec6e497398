"""Django's settings, from the environment alone; what each variable means: environment.py."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from quetsach_portal.config.environment import read_environment
from quetsach_portal.config.sign_in import oidc_providers, origins_of

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
    "quetsach_portal.demo_district",
    "quetsach_portal.api",
    "quetsach_portal.today",
    "quetsach_portal.intake",
    "quetsach_portal.oversight",
    "quetsach_portal.publishing",
    "quetsach_portal.public_figures",
    "quetsach_portal.dashboards",
    "quetsach_portal.reports",
    "quetsach_portal.rechecks",
    "quetsach_portal.cases",
    "quetsach_portal.handouts",
    "quetsach_portal.participation",
    "quetsach_portal.letters",
    "quetsach_portal.register",
    "quetsach_portal.calendars",
    "quetsach_portal.followup",
    "quetsach_portal.campaigns",
    "quetsach_portal.rights",
    "quetsach_portal.units",
    "quetsach_portal.people",
    "quetsach_portal.files",
    "quetsach_portal.mail",
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
    # Before allauth's, which ask whose address it is.
    "quetsach_portal.rights.signed_in.SignedInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
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
            # Numbers of rows in addresses are written without the dots of thousands: unlocalize.
            "builtins": ["quetsach_portal.web.templatetags.web", "django.templatetags.l10n"],
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
AUTHENTICATION_BACKENDS = ["quetsach_portal.people.signed_in_user.AccountBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "quetsach_portal.people.account_adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "quetsach_portal.people.sign_in_forms.SignInForm",
    "change_password": "quetsach_portal.people.sign_in_forms.ChangePasswordForm",
    "reset_password": "quetsach_portal.people.forgotten.ForgottenPasswordForm",
    "reset_password_from_key": "quetsach_portal.people.sign_in_forms.NewPasswordForm",
    "reauthenticate": "quetsach_portal.people.sign_in_forms.ConfirmByPasswordForm",
}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Wrong passwords are slowed per account in the database (people/slowing.py), not here.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "reset_password": "20/m/ip,5/m/key"}
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "quetsach_portal.rights.passwords.OwnWordsValidator"},
]
PASSWORD_RESET_TIMEOUT = 72 * 3600
MFA_ADAPTER = "quetsach_portal.people.factor_adapter.FactorAdapter"
MFA_FORMS = {
    "authenticate": "quetsach_portal.people.sign_in_forms.CodeForm",
    "reauthenticate": "quetsach_portal.people.sign_in_forms.ConfirmByCodeForm",
    "activate_totp": "quetsach_portal.people.sign_in_forms.SetUpAppForm",
    "add_webauthn": "quetsach_portal.people.key_forms.AddKeyForm",
    "authenticate_webauthn": "quetsach_portal.people.key_forms.UseKeyForm",
    "reauthenticate_webauthn": "quetsach_portal.people.key_forms.ConfirmByKeyForm",
    "edit_webauthn": "quetsach_portal.people.key_forms.RenameKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "quét sạch"
# The clock of an old PC or phone may be half a minute off.
MFA_TOTP_TOLERANCE = 1
# Browsers offer security keys over HTTPS, and on localhost for the demo.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not QUETSACH.https
SOCIALACCOUNT_ADAPTER = "quetsach_portal.people.other_account_adapter.OtherAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = oidc_providers(QUETSACH.oidc)
# Weighty acts ask again who is there after so many seconds: rights/again.py.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# Roles that decide for others sign in with two factors; "off" is for the demo and one office's PC.
SECOND_FACTOR_REQUIRED = QUETSACH.second_factor
SESSION_ENGINE = "quetsach_portal.people.sessions"
SESSION_COOKIE_AGE = 10 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = QUETSACH.https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "quetsach_portal.web.error_pages.sent_from_elsewhere"

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
    "files.remove_bytes": "quetsach_portal.files.forgetting.remove_bytes",
    "cases.ask_for_all": "quetsach_portal.cases.rejudging.ask_for_all",
    "cases.forget_folders": "quetsach_portal.cases.purge.forget_folders",
    "cases.judge_node": "quetsach_portal.cases.rejudging.judge_node",
    "cases.trace": "quetsach_portal.cases.tracing.run",
    "campaigns.check_tallies": "quetsach_portal.campaigns.recount.check_all",
    "campaigns.dry_run": "quetsach_portal.campaigns.dry_run.run",
    "campaigns.freeze": "quetsach_portal.campaigns.actions.tree.run_freeze",
    "campaigns.make_release": "quetsach_portal.campaigns.actions.releases.run_make_release",
    "campaigns.read_letter": "quetsach_portal.campaigns.actions.letter.run_read_letter",
    "dashboards.forget_files": "quetsach_portal.dashboards.files.forget_old",
    "dashboards.gather": "quetsach_portal.dashboards.gathering.run",
    "dashboards.write_subtree": "quetsach_portal.dashboards.files.run",
    "followup.escalate": "quetsach_portal.followup.escalation.run",
    "followup.remind_due": "quetsach_portal.followup.due_soon.run",
    "followup.send": "quetsach_portal.followup.sending.run",
    "lists.make": "quetsach_portal.api.lists.run",
    "letters.rehearse": "quetsach_portal.letters.rehearsal.run",
    "letters.send": "quetsach_portal.letters.sending.run",
    "letters.sheets": "quetsach_portal.letters.sheets.run",
    "participation.roll": "quetsach_portal.participation.rolling.run",
    "publishing.read_list": "quetsach_portal.publishing.list_reading.run",
    "publishing.take_counts": "quetsach_portal.publishing.taking.run",
    "publishing.write": "quetsach_portal.publishing.writing.run",
    "publishing.documents": "quetsach_portal.publishing.documents.run",
    "publishing.codes": "quetsach_portal.publishing.codes.run",
    "publishing.figures": "quetsach_portal.publishing.live_figures.run",
    "people.forget": "quetsach_portal.people.slowing.forget_old",
    "people.forgotten": "quetsach_portal.people.forgotten.mail_link",
    "people.mail": "quetsach_portal.people.mailing.mail",
    "rights.invitation": "quetsach_portal.rights.invitation_mail.run",
    "register.waiting": "quetsach_portal.register.waiting.run",
    "reports.forget_workbooks": "quetsach_portal.reports.bulk.reading.forget",
    "reports.make_document": "quetsach_portal.reports.documents.making.run",
    "reports.read_workbooks": "quetsach_portal.reports.bulk.reading.run",
    "reports.recount": "quetsach_portal.reports.recount.run",
}
# Long work: it has workers of its own, and a person has two at a time running, the rest waiting.
HEAVY_JOBS = frozenset(
    {
        "campaigns.make_release",
        "campaigns.read_letter",
        "cases.trace",
        "dashboards.write_subtree",
        "files.check",
        "intake.sweep",
        "publishing.read_list",
        "reports.make_document",
        "reports.read_workbooks",
    }
)
# What is asked for again and again: kind -> every so many seconds.
PERIODIC_JOBS: dict[str, int] = {
    "intake.destroy_raw": 24 * 3600,
    "intake.tidy": 24 * 3600,
    "files.expire": 3600,
    "audit.verify": 86_400,
    "campaigns.check_tallies": 86_400,
    "cases.ask_for_all": 3600,
    "dashboards.forget_files": 86_400,
    "dashboards.gather": 1800,
    "followup.escalate": 3600,
    "followup.remind_due": 3600,
    "followup.send": 300,
    "lists.make": 300,
    "participation.roll": 60,
    "publishing.take_counts": 60,
    "publishing.write": 86_400,
    "publishing.documents": 300,
    "publishing.codes": 60,
    "publishing.figures": 60,
    "people.forget": 86_400,
    "register.waiting": 60,
    "reports.forget_workbooks": 86_400,
    "reports.recount": 86_400,
}

# What writes the folder of the public plane, in this order: publishing/writing.py.
PUBLIC_WRITERS: list[str] = [
    "quetsach_portal.publishing.table.write",
    "quetsach_portal.publishing.tools_file.write",
    "quetsach_portal.publishing.materials.write",
    "quetsach_portal.publishing.site.write",
    "quetsach_portal.publishing.live_figures.write",
    "quetsach_portal.publishing.documents.write",
    "quetsach_portal.publishing.codes.write",
    "quetsach_portal.publishing.open_list.write",
]

# What the public page says of a campaign and its tools, None where it has no page: (campaign).
PUBLIC_PAGE_OF = "quetsach_portal.publishing.materials.shown_for"

# Where a code leads on the public plane, "" for nowhere: (code, campaign id) -> address.
JOIN_ADDRESS = "quetsach_portal.publishing.shown.join_address"
# Where the code of a report leads on the public plane, "" for nowhere: (campaign id) -> address.
CHECK_ADDRESS = "quetsach_portal.publishing.shown.check_address"

# What tells where nodes stood in phases before they moved.
TREE_HISTORY = "quetsach_portal.register.waiting.history"
# How a report of a slot stands that was handed in here, beside what came on paper: (slot) -> it or
# None, and the state of the slot without any.
REPORT_STANDS = "quetsach_portal.reports.came.came_here"
# Which counters apps above `campaigns` move: (campaign) -> {figure: {node id: own number}}.
TALLY_SOURCES: list[str] = [
    "quetsach_portal.participation.rolling.own_numbers",
    "quetsach_portal.cases.history.own_numbers",
]
# What apps above `campaigns` keep when a campaign starts, in the same transaction: (campaign).
CAMPAIGN_STARTS: list[str] = [
    "quetsach_portal.reports.forms_in_use.keep",
    "quetsach_portal.reports.machines.salt_of",
]
# What apps above `campaigns` would send or show after a start: campaigns/dry_run.py.
DRY_RUN_CHECKS: list[str] = ["quetsach_portal.followup.dry_run.check"]
# What apps above `campaigns` have left over when a campaign ends: campaigns/ending.py.
CAMPAIGN_LEFTOVERS: list[str] = ["quetsach_portal.reports.leftovers.unsent_supplements"]
# What apps above `campaigns` take away when a campaign is archived: (campaign) -> {what: rows}.
ARCHIVE_PURGES: list[str] = [
    "quetsach_portal.intake.purge.purge",
    "quetsach_portal.followup.purge.purge",
    "quetsach_portal.letters.purge.purge",
    "quetsach_portal.cases.purge.purge",
    "quetsach_portal.rechecks.purge.purge",
    "quetsach_portal.publishing.purge.purge",
]
# Which function knows the evidence of a node in which notices are traced.
TRACE_EVIDENCE = "quetsach_portal.intake.tracing.evidence_of"

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if QUETSACH.smtp_host
    else "django.core.mail.backends.console.EmailBackend"
)
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
# What is asked for when a file was checked: purpose -> kind of job, with {"file": id}.
FILE_CHECKED_JOBS: dict[str, str] = {
    "evidence": "intake.checked",
    "findings": "intake.checked",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "quetsach_portal.config.log_lines.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
