"""The settings of the portal as keys of a TOML file; what each means stands in environment.py."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from quetsach.api.configuration import (
    PlacedValue,
    Setting,
    SettingKind,
    chosen_files,
    merged,
    variables,
)
from quetsach_portal.config.environment import VARIABLES
from quetsach_public.settings import KEYS as PUBLIC_KEYS
from quetsach_public.settings import VARIABLES as PUBLIC_VARIABLES

FILE = Path("/etc/quetsach/portal.toml")
FILE_VARIABLE = "QUETSACH_PORTAL_CONFIG"
"""The variable that names another file; empty, none is read, as in a rehearsal."""

_TEXT, _NUMBER, _SWITCH = SettingKind.TEXT, SettingKind.NUMBER, SettingKind.SWITCH
_LIST, _PATH = SettingKind.LIST, SettingKind.PATH

KEYS: Mapping[str, tuple[str, SettingKind]] = {
    "QUETSACH_HOME": ("home", _PATH),
    "DATABASE_URL": ("database_url", _TEXT),
    "QUETSACH_URL": ("url", _TEXT),
    "QUETSACH_HOSTS": ("hosts", _LIST),
    "QUETSACH_SECRET_KEY": ("secret_key", _TEXT),
    "QUETSACH_TRUSTED_PROXIES": ("trusted_proxies", _LIST),
    "QUETSACH_SMTP_HOST": ("smtp.host", _TEXT),
    "QUETSACH_SMTP_PORT": ("smtp.port", _NUMBER),
    "QUETSACH_SMTP_USER": ("smtp.user", _TEXT),
    "QUETSACH_SMTP_PASSWORD": ("smtp.password", _TEXT),
    "QUETSACH_SMTP_TLS": ("smtp.tls", _TEXT),
    "QUETSACH_MAIL_FROM": ("mail.from", _TEXT),
    "QUETSACH_MAIL_PER_SECOND": ("mail.per_second", _NUMBER),
    "QUETSACH_MAIL_CONNECTIONS": ("mail.connections", _NUMBER),
    "QUETSACH_CHANNEL_HOSTS": ("channels.hosts", _LIST),
    "QUETSACH_OIDC_NAME": ("oidc.name", _TEXT),
    "QUETSACH_OIDC_CLIENT_ID": ("oidc.client_id", _TEXT),
    "QUETSACH_OIDC_SECRET": ("oidc.secret", _TEXT),
    "QUETSACH_OIDC_SERVER_URL": ("oidc.server_url", _TEXT),
    "QUETSACH_LDAP_URIS": ("ldap.uris", _LIST),
    "QUETSACH_LDAP_NAME": ("ldap.name", _TEXT),
    "QUETSACH_LDAP_PLAIN": ("ldap.plain", _SWITCH),
    "QUETSACH_LDAP_CA": ("ldap.ca", _PATH),
    "QUETSACH_LDAP_BASE": ("ldap.base", _TEXT),
    "QUETSACH_LDAP_FILTER": ("ldap.filter", _TEXT),
    "QUETSACH_LDAP_BIND_DN": ("ldap.bind_dn", _TEXT),
    "QUETSACH_LDAP_BIND_FILE": ("ldap.bind_file", _PATH),
    "QUETSACH_LDAP_DN_TEMPLATE": ("ldap.dn_template", _TEXT),
    "QUETSACH_LDAP_ID_ATTRIBUTE": ("ldap.id_attribute", _TEXT),
    "QUETSACH_LDAP_MAIL_ATTRIBUTE": ("ldap.mail_attribute", _TEXT),
    "QUETSACH_LDAP_NAME_ATTRIBUTE": ("ldap.name_attribute", _TEXT),
    "QUETSACH_LDAP_GROUP": ("ldap.group", _TEXT),
    "QUETSACH_LDAP_TIMEOUT": ("ldap.timeout", _NUMBER),
    "QUETSACH_SECOND_FACTOR": ("second_factor", _SWITCH),
    "QUETSACH_CLAMD": ("clamd", _TEXT),
    "QUETSACH_FEED_HOSTS": ("feeds.hosts", _LIST),
    "QUETSACH_SIGNING_URL": ("signing.url", _TEXT),
    "QUETSACH_SIGNING_HOSTS": ("signing.hosts", _LIST),
    "QUETSACH_BACKUPS": ("backups.folder", _PATH),
    "QUETSACH_BACKUPS_KEPT": ("backups.kept", _NUMBER),
    "QUETSACH_TSA_URL": ("tsa.url", _TEXT),
    "QUETSACH_TSA_ROOTS": ("tsa.roots", _PATH),
    "QUETSACH_METRICS_TOKEN": ("metrics_token", _TEXT),
    "QUETSACH_SANDBOX_OWN_USER": ("sandbox.own_user", _SWITCH),
    "QUETSACH_DEBUG": ("debug", _SWITCH),
}
"""The key of each variable, and what its value is."""

_CHOICES = {"QUETSACH_SMTP_TLS": ("", "starttls", "tls")}
_WORDS = {"QUETSACH_SECOND_FACTOR": ("off", "on")}
_SECRET = frozenset(
    (
        *("DATABASE_URL", "QUETSACH_SECRET_KEY", "QUETSACH_SMTP_PASSWORD"),
        *("QUETSACH_OIDC_SECRET", "QUETSACH_METRICS_TOKEN"),
    )
)


def portal_settings() -> tuple[Setting, ...]:
    """Return the portal's settings, in the order of its variables."""
    return _settings(VARIABLES, KEYS)


def public_settings() -> tuple[Setting, ...]:
    """Return the settings of the public page, which has a file of its own."""
    kinds = {name: (key, SettingKind(kind)) for name, (key, kind) in PUBLIC_KEYS.items()}
    return _settings(PUBLIC_VARIABLES, kinds)


def _settings(
    described: Sequence[tuple[str, str, str]], keys: Mapping[str, tuple[str, SettingKind]]
) -> tuple[Setting, ...]:
    return tuple(
        Setting(
            *keys[name],
            name,
            usual,
            meaning,
            choices=_CHOICES.get(name, ()),
            is_secret=name in _SECRET,
            words=_WORDS.get(name, ("0", "1")),
        )
        for name, usual, meaning in described
    )


def portal_files(environ: Mapping[str, str]) -> list[Path]:
    """Return the file that is read, or none."""
    return chosen_files(FILE_VARIABLE, (FILE,), environ)


def portal_values(environ: Mapping[str, str]) -> dict[str, PlacedValue]:
    """Return what the file says, by keys; {} where it is that of another portal.

    The usual file is that of the portal in its `home`. Where QUETSACH_HOME names another home, as
    in a trial, the database of the real one must not be written.
    Errors: QuetsachError E620 to E625 with the line.
    """
    values = merged(portal_files(environ), portal_settings())
    home, told = values.get("home"), environ.get("QUETSACH_HOME")
    if home is None or told is None or FILE_VARIABLE in environ:
        return values
    return values if Path(told).resolve() == Path(str(home.value)).resolve() else {}


def variables_of_file(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what the file says, as the variables that would say the same.

    Errors: as portal_values.
    """
    return variables(portal_settings(), portal_values(environ))
