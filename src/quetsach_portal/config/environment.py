"""Settings from the environment, with single sign-on: one typed value, read once."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from quetsach_portal.files.quarantine import scanner_at
from quetsach_portal.people.directory.settings import VARIABLES as OF_DIRECTORY
from quetsach_portal.people.directory.settings import DirectorySettings, read_directory

PLANNED_ONCE: Mapping[str, Any] = {"server_side_binding": True, "prepare_threshold": 3}
"""Values go beside the SQL, and PostgreSQL keeps its plan from the third time on (decision 14)."""

NOTICED_WHEN_DEAD: Mapping[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""A server that is gone without a word is given up: in seconds, the last one in milliseconds.

Source: PostgreSQL's documentation, 34.1.2, parameter key words of libpq.
"""

LIMITS_OF_A_PAGE = "-c statement_timeout=60s -c idle_in_transaction_session_timeout=120s"
"""A page that asks for longer is cut off (503): its thread is one of eight. Jobs go on."""

VARIABLES: tuple[tuple[str, str, str], ...] = (
    ("QUETSACH_HOME", "out/portal", "folder of database, files, findings and secret"),
    ("DATABASE_URL", "SQLite in QUETSACH_HOME", "`postgresql://user:password@host:port/name`"),
    ("QUETSACH_URL", "http://127.0.0.1:8000", "public address; https:// makes cookies secure"),
    ("QUETSACH_HOSTS", "the host of QUETSACH_URL", "host names to answer, with commas"),
    ("QUETSACH_SECRET_KEY", "created in QUETSACH_HOME", "key that signs sessions and links"),
    ("QUETSACH_TRUSTED_PROXIES", "none", "addresses whose X-Forwarded-For is believed"),
    (
        "QUETSACH_SMTP_HOST",
        "none: mails wait; those about accounts lie in `mails-about-accounts` in the home",
        "the mail server",
    ),
    ("QUETSACH_SMTP_PORT", "25", "port of the mail server"),
    ("QUETSACH_SMTP_USER", "none", "user name at the mail server"),
    ("QUETSACH_SMTP_PASSWORD", "none", "password at the mail server"),
    ("QUETSACH_SMTP_TLS", "none", "`starttls`, or `tls` from the first byte"),
    ("QUETSACH_MAIL_FROM", "quetsach@localhost", "sender of all mails"),
    ("QUETSACH_MAIL_PER_SECOND", "100", "most mails that a dispatch sends in a second"),
    (
        "QUETSACH_MAIL_CONNECTIONS",
        "4",
        "connections of a dispatch; at most as many mails are in doubt",
    ),
    (
        "QUETSACH_CHANNEL_HOSTS",
        "none: no channel beside the mail",
        "hosts of channels, with commas: `api.telegram.org`, `.slack.com`, `10.1.2.0/24`",
    ),
    ("QUETSACH_OIDC_NAME", "none", "label of the button for single sign-on"),
    ("QUETSACH_OIDC_CLIENT_ID", "none", "as the identity provider gave it"),
    ("QUETSACH_OIDC_SECRET", "none", "as the identity provider gave it"),
    ("QUETSACH_OIDC_SERVER_URL", "none", "address of the provider; needed together with the id"),
    *OF_DIRECTORY,
    ("QUETSACH_SECOND_FACTOR", "on", "off: leading roles need no second factor; the pages say so"),
    (
        "QUETSACH_CLAMD",
        "none: files are not scanned, and pages say so",
        "clamd: unix:/path or 127.0.0.1:3310",
    ),
    (
        "QUETSACH_FEED_HOSTS",
        "none: no feed can be added",
        "whom lists may be fetched from: names of hosts, and networks, separated by commas; a name "
        "that leads into a network of your own is refused unless that network stands here too. A "
        "password (`user:password`) or key lies in a file `feed-secrets/HOST` below QUETSACH_HOME",
    ),
    (
        "QUETSACH_SIGNING_URL",
        "none: no remote signing",
        "base address of a signing service (CSC API), which ends in `/csc/v1` or `/csc/v2`; its "
        "token lies in a file `signing-secrets/HOST` below QUETSACH_HOME",
    ),
    (
        "QUETSACH_SIGNING_HOSTS",
        "none: no remote signing",
        "hosts, and networks of your own, at which that service may be asked, with commas",
    ),
    (
        "QUETSACH_BACKUPS",
        "none: no nightly backup; the page of jobs says so",
        "folder, best on another disk, into which a backup is written and tried each night",
    ),
    (
        "QUETSACH_TSA_URL",
        "none: anchors of the audit trail carry no time stamp",
        "time-stamping authority (RFC 3161) that stamps the signed head of the trail each night",
    ),
    (
        "QUETSACH_TSA_ROOTS",
        "none: who made a stamp is not asked",
        "PEM file with the certificates that may make these stamps",
    ),
    ("QUETSACH_BACKUPS_KEPT", "14", "so many of these backups are kept"),
    (
        "QUETSACH_METRICS_TOKEN",
        "none: no figures at /metrics",
        "what Prometheus sends as its bearer token to read the figures at /metrics",
    ),
    (
        "QUETSACH_SANDBOX_OWN_USER",
        "1",
        "0 where only root itself may read the files, as on some FUSE and NFS mounts: a process in "
        "the sandbox that root starts then stays root, confined by Landlock and seccomp alone",
    ),
    ("QUETSACH_DEBUG", "0", "1 shows internal errors; never where others can reach the portal"),
)
"""Every variable: name, what holds without it, what it is; the docs are made of it."""


@dataclass(frozen=True)
class Environment:
    """The portal's surroundings.

    Shapes: `home` holds the database of SQLite, files and findings; `public_url` is what printed
    codes and mails lead to; `mail_per_second` is 0 for as fast as the server takes them, over
    `mail_connections` at a time;
    `trusted_proxies` are the addresses whose X-Forwarded-For is believed.
    """

    home: Path
    database: Mapping[str, Any]
    secret_key: str
    debug: bool
    hosts: tuple[str, ...]
    public_url: str
    https: bool
    smtp_host: str
    smtp_port: int
    smtp_user: str
    smtp_password: str
    smtp_tls: str
    mail_from: str
    mail_per_second: int
    mail_connections: int
    trusted_proxies: tuple[str, ...]
    channel_hosts: tuple[str, ...]
    oidc: Mapping[str, str]
    clamd: str
    second_factor: bool
    feed_hosts: tuple[str, ...]
    signing_url: str
    signing_hosts: tuple[str, ...]
    backups: Path | None = None
    backups_kept: int = 14
    stamping_url: str = ""
    stamping_roots: Path | None = None
    metrics_token: str = ""
    directory: DirectorySettings | None = None


def read_environment(environ: Mapping[str, str]) -> Environment:
    """Return the surroundings that `environ` describes, with usable values for one office's PC.

    Errors: ImproperlyConfigured names the variable that makes no sense; QuetsachError E630, E631
    for those of the directory.
    """
    home = Path(environ.get("QUETSACH_HOME", "out/portal")).resolve()
    public_url = environ.get("QUETSACH_URL", "http://127.0.0.1:8000").rstrip("/")
    database = database_of(environ.get("DATABASE_URL", ""), home)
    if not environ.get("DATABASE_URL"):
        _keep_from_others(Path(database["NAME"]))
    return Environment(
        home=home,
        database=database,
        secret_key=environ.get("QUETSACH_SECRET_KEY") or _kept_secret(home / "secret.key"),
        debug=environ.get("QUETSACH_DEBUG") == "1",
        hosts=_listed(environ, "QUETSACH_HOSTS") or _hosts_of(public_url),
        public_url=public_url,
        https=public_url.startswith("https://"),
        smtp_host=environ.get("QUETSACH_SMTP_HOST", ""),
        smtp_port=_number(environ, "QUETSACH_SMTP_PORT", 25),
        smtp_user=environ.get("QUETSACH_SMTP_USER", ""),
        smtp_password=environ.get("QUETSACH_SMTP_PASSWORD", ""),
        smtp_tls=_one_of(environ, "QUETSACH_SMTP_TLS", ("", "starttls", "tls")),
        mail_from=environ.get("QUETSACH_MAIL_FROM", "quetsach@localhost"),
        mail_per_second=_number(environ, "QUETSACH_MAIL_PER_SECOND", 100),
        mail_connections=max(1, _number(environ, "QUETSACH_MAIL_CONNECTIONS", 4)),
        trusted_proxies=_listed(environ, "QUETSACH_TRUSTED_PROXIES"),
        channel_hosts=_listed(environ, "QUETSACH_CHANNEL_HOSTS"),
        oidc=_oidc(environ),
        clamd=_scanner(environ),
        second_factor=environ.get("QUETSACH_SECOND_FACTOR", "on") != "off",
        feed_hosts=_listed(environ, "QUETSACH_FEED_HOSTS"),
        signing_url=environ.get("QUETSACH_SIGNING_URL", ""),
        signing_hosts=_listed(environ, "QUETSACH_SIGNING_HOSTS"),
        backups=_path(environ, "QUETSACH_BACKUPS"),
        stamping_url=environ.get("QUETSACH_TSA_URL", ""),
        stamping_roots=_path(environ, "QUETSACH_TSA_ROOTS"),
        metrics_token=environ.get("QUETSACH_METRICS_TOKEN", ""),
        backups_kept=_number(environ, "QUETSACH_BACKUPS_KEPT", 14),
        directory=read_directory(environ),
    )


def database_of(url: str, home: Path) -> dict[str, Any]:
    """Return Django's setting for `url`: postgresql://user:password@host:port/name, or SQLite.

    An empty `url` is the SQLite file in `home`.
    Errors: ImproperlyConfigured for any other kind of address.
    """
    if not url:
        return _sqlite(home / "portal.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(
            "DATABASE_URL: only sqlite:///path and postgresql://user:password@host:port/name"
        )
    options = dict(parse_qsl(parts.query))
    planned = {} if options.pop("server_side_binding", "on") == "off" else PLANNED_ONCE
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A folder that begins with a slash is that of a local socket.
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {**NOTICED_WHEN_DEAD, **planned, **options},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def limit_questions(database: dict[str, Any]) -> None:
    """Let PostgreSQL cut off long pages, unless DATABASE_URL has `options` of its own."""
    if database["ENGINE"].endswith("postgresql"):
        database["OPTIONS"].setdefault("options", LIMITS_OF_A_PAGE)


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            # Writers queue at BEGIN instead of failing in the middle of a transaction.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "PRAGMA busy_timeout=20000;",
        },
    }


def _keep_from_others(path: Path) -> None:
    """Make the database's file, where there is none, for its owner alone.

    SQLite makes it as the umask says, and gives the -wal and -shm beside it the same mode.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _kept_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass  # Another process of ours was quicker; its key holds.
        else:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


def _oidc(environ: Mapping[str, str]) -> dict[str, str]:
    names = ("name", "client_id", "secret", "server_url")
    found = {name: environ.get(f"QUETSACH_OIDC_{name.upper()}", "") for name in names}
    return found if found["client_id"] and found["server_url"] else {}


def _scanner(environ: Mapping[str, str]) -> str:
    address = environ.get("QUETSACH_CLAMD", "")
    try:
        scanner_at(address)
    except ValueError as err:
        raise ImproperlyConfigured(
            "QUETSACH_CLAMD: only unix:/path and 127.0.0.1:port, a scanner on this machine"
        ) from err
    return address


def _listed(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in environ.get(name, "").split(",") if one.strip())


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]) if environ.get(name) else None


def _hosts_of(public_url: str) -> tuple[str, ...]:
    host = urlsplit(public_url).hostname or "127.0.0.1"
    return tuple(dict.fromkeys((host, "127.0.0.1", "localhost", "[::1]")))


def _number(environ: Mapping[str, str], name: str, otherwise: int) -> int:
    text = environ.get(name, "")
    if text and not text.isdecimal():
        raise ImproperlyConfigured(f"{name}: a number, please, not {text!r}")
    return int(text) if text else otherwise


def _one_of(environ: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    text = environ.get(name, "")
    if text not in choices:
        raise ImproperlyConfigured(f"{name}: one of {', '.join(map(repr, choices))}, not {text!r}")
    return text


PROVIDER = "sso"
"""The system's name in addresses: /account/oidc/sso/login/callback/ is what it has to know."""


def oidc_providers(oidc: Mapping[str, str]) -> dict[str, Any]:
    """Return allauth's setting for the one system that `oidc` describes, or for none."""
    if not oidc:
        return {}
    app = {
        "provider_id": PROVIDER,
        "name": oidc["name"] or urlsplit(oidc["server_url"]).hostname,
        "client_id": oidc["client_id"],
        "secret": oidc["secret"],
        "settings": {"server_url": oidc["server_url"], "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def origins_of(oidc: Mapping[str, str]) -> list[str]:
    """Return the origin to which a form may lead on the way to that system."""
    if not oidc:
        return []
    parts = urlsplit(oidc["server_url"])
    return [f"{parts.scheme}://{parts.netloc}"]
