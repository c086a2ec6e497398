"""The token of the live demo's watch: for its own unit, in a file of its owner's."""

from pathlib import Path

import pytest

from quetsach_portal.api.models import ApiToken
from quetsach_portal.api.tokens import caller_of
from quetsach_portal.demo_district.accounts import make_accounts
from quetsach_portal.demo_district.live import LIVE_UNIT, keep_live_token
from quetsach_portal.units.demo import load_tra_cu


@pytest.mark.django_db
def test_a_watch_may_report_for_its_unit_alone(tmp_path: Path) -> None:
    accounts = make_accounts(dict(load_tra_cu()))
    path = keep_live_token(tmp_path / "home", accounts)
    assert path.stat().st_mode & 0o777 == 0o600
    caller = caller_of(path.read_text().strip())
    assert caller is not None
    assert caller.token.unit.code == LIVE_UNIT
    assert ApiToken.objects.get().scopes == ["watch"]
    keep_live_token(tmp_path / "home", accounts)
    assert ApiToken.objects.count() == 2
