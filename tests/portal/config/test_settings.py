"""The settings: what every answer of the portal carries."""

import pytest

from quetsach_portal.people.models.roles import Role

pytestmark = pytest.mark.django_db


@pytest.mark.asvs("V3.4.4", "V3.4.5", "V3.4.6")
def test_P4_a_page_is_kept_by_no_cache_and_by_no_frame(world, client_of) -> None:
    answer = client_of("TC", Role.COMPILER).get("/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.asvs("V3.4.3")
def test_W1_the_policy_allows_no_script_or_style_in_a_page(world, client_of) -> None:
    policy = client_of("TC", Role.COMPILER).get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
