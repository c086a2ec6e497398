"""Each kind of job has its function, and each purpose of a mail a composer and an observer."""

from quetsach_portal.config.jobs import (
    COMPOSERS,
    FILE_CHECKED,
    HANDLERS,
    HEAVY,
    OBSERVERS,
    PERIODIC,
)
from quetsach_portal.files.models import FilePurpose
from quetsach_portal.mail.models import MailPurpose


def test_each_purpose_has_a_composer_and_an_observer() -> None:
    assert set(COMPOSERS) == set(MailPurpose)
    assert set(OBSERVERS) == set(MailPurpose)


def test_each_heavy_and_each_periodic_kind_has_a_function() -> None:
    assert set(HANDLERS) >= HEAVY
    assert set(PERIODIC) <= set(HANDLERS)
    assert set(FILE_CHECKED.values()) <= set(HANDLERS)
    assert all(seconds >= 60 for seconds in PERIODIC.values())


def test_a_file_that_was_checked_is_followed_up_by_its_purpose() -> None:
    assert set(FILE_CHECKED) <= set(FilePurpose)
