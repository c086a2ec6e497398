"""docs/security-design.md says what the code does: its figures are held against the code."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from quetsach.forms.values import MOST
from quetsach_portal.api.tokens import LONGEST as LONGEST_TOKEN
from quetsach_portal.config import admission
from quetsach_portal.config.environment import VARIABLES
from quetsach_portal.files.kinds import RULES
from quetsach_portal.files.receiving import MOST_FROM_STRANGERS
from quetsach_portal.files.uploads import PER_USER
from quetsach_portal.jobs.worker import MOST_HEAVY
from quetsach_portal.lifecycle.retention_table import RETENTION
from quetsach_portal.mail.outbox import KEPT
from quetsach_portal.people import login_delay
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles import passwords

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/security-design.md").read_text("utf-8")


def part(title: str) -> str:
    """Return the part of the page under a heading."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None, title
    return found[1]


def rows(title: str) -> list[list[str]]:
    lines = [line for line in part(title).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.asvs("V2.1.1", "V2.1.2")
def test_what_input_must_be_is_written_down_with_the_place_that_checks_it() -> None:
    text = part("Input")
    assert "**Values that have to agree.**" in text
    assert f"at most {MOST:,}" in text
    assert str(User._meta.get_field("email").max_length) in text
    assert f"at most {User._meta.get_field('name').max_length}" in text
    for path in re.findall(r"`([a-z_]+/[a-z_/]*(?:\.py)?)`", text):
        assert (ROOT / "src/quetsach_portal" / path).exists(), path


@pytest.mark.asvs("V2.1.3", "V6.1.1", "V15.1.3")
def test_limits_are_those_of_the_code() -> None:
    text = part("Limits")
    assert (
        f"| {login_delay.FREE_TRIES}, then a wait of 1, 2, 4 ... {login_delay.LONGEST_WAIT_S}"
        in text
    )
    assert f"| {login_delay.FREE_TRIES_OF_ADDRESS}, then the same wait" in text
    files, size = PER_USER.files_a_day, PER_USER.bytes_a_month >> 30
    assert f"{files} a day, {size} GiB in 30 days, {PER_USER.open_uploads} uploads" in text
    assert f"{MOST_FROM_STRANGERS >> 20} MiB a request" in text
    assert f"| large bodies of a person at once | {admission.AT_ONCE} in a process" in text
    assert f"| heavy jobs of a person at once | {MOST_HEAVY} |" in text
    assert "Nobody is locked out" in text
    assert "**What takes long**" in text


@pytest.mark.asvs("V5.1.1")
def test_kinds_and_sizes_of_files_are_those_of_the_code() -> None:
    shown = [row for row in rows("Files that are handed in") if row[0].startswith("`")]
    assert shown == [
        [f"`{rule.key}`", " ".join(rule.kinds), f"{rule.max_bytes >> 20} MiB"]
        for rule in RULES.values()
    ]


@pytest.mark.asvs("V6.1.2", "V6.1.3")
def test_ways_to_sign_in_and_words_of_no_password_are_those_of_the_code() -> None:
    text = part("Signing in")
    ways = [row[0] for row in rows("Signing in")[1:]]
    assert [way.split()[0] for way in ways] == ["password", "other", "directory", "link", "token"]
    assert settings.AUTHENTICATION_BACKENDS == ["quetsach_portal.people.sessions.AccountBackend"]
    least = settings.AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"]["min_length"]
    assert f"({least} signs and more)" in text
    assert f"{settings.PASSWORD_RESET_TIMEOUT // 3600} hours" in text
    assert LONGEST_TOKEN.days == 366
    for word in passwords._ALWAYS:
        assert f"`{word}`" in text


@pytest.mark.asvs("V7.1.1", "V7.1.2", "V7.1.3")
def test_times_of_sessions_are_those_of_the_settings() -> None:
    text = part("Sessions")
    leading, others = settings.SESSION_IDLE_LEADING_S // 60, settings.SESSION_IDLE_S // 3600
    assert f"{leading} minutes for roles that decide for others, {others} hours for others" in text
    assert f"| in all | {settings.SESSION_LONGEST_S // 3600} hours;" in text
    assert f"not older than {settings.ACCOUNT_REAUTHENTICATION_TIMEOUT // 60} minutes" in text
    assert "not limited" in text
    assert "NIST SP 800-63B" in text
    assert "**The other system's sessions**" in text


@pytest.mark.asvs("V8.1.1", "V8.1.2")
def test_where_rights_are_written_down_is_named() -> None:
    text = part("Who may do what")
    assert (ROOT / "tests/portal/access/table.py").exists()
    for place in ("tests/portal/access/", "api/endpoints/"):
        assert f"`{place}`" in text


@pytest.mark.asvs("V11.1.1", "V11.1.2")
def test_every_secret_and_key_stands_in_the_table_of_keys() -> None:
    text = part("Keys and algorithms")
    assert all(len(row) == 5 and all(row) for row in rows("Keys and algorithms"))
    for name in ("secret.key", "QUETSACH_SECRET_KEY", "keys/office.key.pem", "VAPID", "PBKDF2"):
        assert name in text
    assert "A private key has one holder." in text


@pytest.mark.asvs("V13.1.1")
def test_everybody_whom_the_portal_calls_is_named() -> None:
    text = part("Whom the portal calls")
    calling = ("SMTP_HOST", "FEED_HOSTS", "CHANNEL_HOSTS", "OIDC_SERVER_URL", "LDAP_URIS")
    calling += ("CLAMD", "TSA_URL")
    known = {name for name, _usual, _is in VARIABLES}
    for name in calling:
        assert f"QUETSACH_{name}" in known
        assert f"`QUETSACH_{name}`" in text


@pytest.mark.asvs("V14.1.1", "V14.1.2")
def test_levels_of_data_have_their_protection_and_their_end() -> None:
    levels = [row[0] for row in rows("Data")[1:]]
    assert levels == ["secret", "personal", "internal", "public"]
    assert all(row[2] for row in rows("Data"))
    assert len(RETENTION) > 20  # each field that can name somebody has its row in campaign-life.md
    assert "campaign-life.md" in part("Data")


@pytest.mark.asvs("V16.1.1")
def test_each_log_has_its_place_readers_and_end() -> None:
    assert all(len(row) == 5 and all(row) for row in rows("Logs"))
    assert f"| {KEPT.days} days |" in part("Logs")
    assert "quetsach.log" in (ROOT / "deploy/nginx/nginx.conf").read_text("utf-8")


@pytest.mark.asvs("V15.1.1")
def test_there_is_a_time_within_which_parts_with_weaknesses_are_replaced() -> None:
    text = part("Third-party packages")
    assert [int(days) for days in re.findall(r"(?:within|after) (\d+)", text)] == [7, 30, 90]
    assert (ROOT / "kernel/Cargo.lock").exists()
