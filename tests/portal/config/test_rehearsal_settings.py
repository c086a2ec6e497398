"""The settings of a rehearsal: nothing leaves it, and it never passes for the real portal."""

import json
import os
import subprocess
import sys
from pathlib import Path

from quetsach_portal.web.scratch_homes import RehearsalNote, write_note

ID = "0123456789ab"
OUTSIDE = {
    "QUETSACH_SMTP_HOST": "mail.example",
    "QUETSACH_SMTP_USER": "u",
    "QUETSACH_SMTP_PASSWORD": "p",
    "QUETSACH_CHANNEL_HOSTS": "api.telegram.org",
    "QUETSACH_FEED_HOSTS": "danh-sach.example",
    "QUETSACH_SIGNING_URL": "https://ky.example/csc/v2",
    "QUETSACH_SIGNING_HOSTS": "ky.example",
    "QUETSACH_OIDC_CLIENT_ID": "x",
    "QUETSACH_OIDC_SERVER_URL": "https://sso.example",
    "QUETSACH_CLAMD": "127.0.0.1:3310",
    "QUETSACH_TRUSTED_PROXIES": "127.0.0.1",
    "QUETSACH_TSA_URL": "https://tsa.example/",
    "QUETSACH_BACKUPS": "/nowhere",
    "QUETSACH_LDAP_URIS": "ldaps://ldap.example",
    "QUETSACH_LDAP_BASE": "dc=example",
    "QUETSACH_DEBUG": "1",
}
ASKED = """
import json
import django
django.setup()
from django.conf import settings
from django.utils import timezone
from datetime import datetime, UTC
q = settings.QUETSACH
print(json.dumps({
    "away": [q.smtp_host, q.smtp_user, q.smtp_password, settings.EMAIL_HOST, *q.channel_hosts,
             *q.feed_hosts, q.signing_url, *q.signing_hosts, q.stamping_url, q.backups,
             *q.oidc, q.directory, q.clamd, *q.trusted_proxies,
             *settings.SOCIALACCOUNT_PROVIDERS],
    "debug": settings.DEBUG,
    "cookies": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME],
    "paths": [settings.SESSION_COOKIE_PATH, settings.CSRF_COOKIE_PATH],
    "secret": settings.SECRET_KEY,
    "database": str(settings.DATABASES["default"]["NAME"]),
    "days": (timezone.now() - datetime.now(UTC)).days,
    "default": (django.apps.apps.get_model("audit.AuditEvent")._meta.get_field("at") is not None)
        and (django.apps.apps.get_model("jobs.Job")().created_at - datetime.now(UTC)).days,
}))
"""


def asked(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {name: text for name, text in os.environ.items() if not name.startswith("QUETSACH_")}
    given.pop("DATABASE_URL", None)
    of_its_own = {
        "DJANGO_SETTINGS_MODULE": "quetsach_portal.config.rehearsal_settings",
        "QUETSACH_HOME": str(folder),
    }
    return subprocess.run(
        [sys.executable, "-c", ASKED],
        env={**given, **environment, **of_its_own},
        capture_output=True,
        text=True,
    )


def test_nothing_leaves_a_rehearsal_whatever_stands_in_the_environment(tmp_path: Path) -> None:
    folder = tmp_path / "rehearsals" / ID
    folder.mkdir(parents=True)
    write_note(folder, RehearsalNote(ID, 1, "", "2026-09-14T08:00+07:00", "2026-09-21T08:00+07:00"))
    (folder / "clock").write_text("3")
    process = asked(folder, **OUTSIDE)
    assert process.returncode == 0, process.stderr
    answer = json.loads(process.stdout)
    assert not any(answer["away"])
    assert answer["debug"] is False
    assert answer["cookies"] == [f"dt_{ID}_session", f"dt_{ID}_csrf"]
    assert answer["paths"] == [f"/dien-tap/{ID}/"] * 2
    assert answer["database"] == str(folder / "portal.sqlite3")
    assert answer["secret"] == (folder / "secret.key").read_text()
    assert (answer["days"], answer["default"]) == (2, 2)


def test_the_home_of_a_real_portal_is_none(tmp_path: Path) -> None:
    process = asked(tmp_path)
    assert process.returncode == 1
    assert "is no rehearsal" in process.stderr
