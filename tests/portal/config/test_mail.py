"""Each purpose of a mail has somebody who writes it, and somebody who is told of its end."""

from quetsach_portal.config.mail import COMPOSERS, OBSERVERS
from quetsach_portal.mail.models import MailPurpose


def test_each_purpose_has_a_composer_and_an_observer() -> None:
    assert set(COMPOSERS) == set(MailPurpose)
    assert set(OBSERVERS) == set(MailPurpose)
