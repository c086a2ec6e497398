"""The table of tokens: a digest, and never the token itself."""

import pytest

from quetsach_portal.api.models import ApiToken
from quetsach_portal.audit.models import AuditEvent
from tests.portal.api.asking import token_of

pytestmark = pytest.mark.django_db


@pytest.mark.asvs("V11.5.1")
def test_A8_the_token_is_long_and_only_its_digest_is_kept(world) -> None:
    _token, text = token_of(world)
    assert len(text) >= 46
    row = ApiToken.objects.values().get()
    assert text not in str(row)
    assert text not in str(list(AuditEvent.objects.values()))
