"""Copy and receipt in words: each part of the portal has its name, each field its fate."""

from datetime import UTC, datetime

from quetsach_portal.lifecycle.persons.words import (
    PART_WORDS,
    copy_lines,
    fate_in_words,
    receipt_lines,
    with_moments,
)
from quetsach_portal.lifecycle.retention_table import RETENTION


def test_every_app_with_a_field_has_its_words() -> None:
    assert {name.partition(".")[0] for name in RETENTION} <= PART_WORDS.keys()


def test_what_becomes_of_a_field_is_said() -> None:
    fates = {
        "link": fate_in_words("cases.Handling.by", is_link=True),
        "signed": fate_in_words("letters.Letter.signer_name", is_link=False),
        "timed": fate_in_words("cases.Handling.note", is_link=False),
        "kept": fate_in_words("api.ApiToken.name", is_link=False),
    }
    assert len(set(map(str, fates.values()))) == 4


def test_lines_of_copy_and_receipt_follow_their_data() -> None:
    entry = {"field": "mail.OutboxMail.to", "how": "address", "count": 3}
    (line,) = copy_lines({"rows": [entry]})
    assert (line.field, line.rows) == ("mail.OutboxMail.to", 3)
    lines = receipt_lines(
        {"erased": {"account.EmailAddress": 1}, "stays": {"audit.AuditEvent.actor": ["trail", 2]}}
    )
    assert [(row.field, row.rows) for row in lines["erased"]] == [("account.EmailAddress", 1)]
    assert "Nhật ký thao tác" in str(lines["stays"][0].fate)
    assert receipt_lines({}) == {"erased": [], "stays": []}


def test_times_of_the_copy_become_moments_and_nothing_else() -> None:
    text = "2026-11-30T17:29:38+00:00"
    moment = datetime(2026, 11, 30, 17, 29, 38, tzinfo=UTC)
    copy = {"account": {"last_login": None, "name": text}, "trail": [{"at": text, "act": "x"}]}
    assert with_moments(copy) == {
        "account": {"last_login": None, "name": text},
        "trail": [{"at": moment, "act": "x"}],
    }
