"""An archived campaign leaves no public page and no addresses."""

import pytest
from django.test import TestCase

from quetsach_portal.publishing.lists import actions
from quetsach_portal.publishing.models import ListKind
from quetsach_portal.publishing.retention import purge
from quetsach_public.pages.site import read_site
from tests.portal.publishing.lists.handed import RANGES, handed_in, seen, today, write_table_alone
from tests.portal.publishing.writers import write_site_alone

pytestmark = pytest.mark.django_db


def test_an_archived_campaigns_page_is_closed(shown, folder) -> None:
    write_site_alone()
    purge(shown.campaign)
    write_site_alone()
    assert read_site(folder / "site").is_closed


def test_P2_an_archived_campaign_has_no_addresses_left(shown, owner, folder, home) -> None:
    ranges = handed_in(shown, ListKind.RANGES, RANGES)
    actions.take_over(ranges, actor=owner)
    listed = handed_in(shown, ListKind.LISTED, seen("192.0.2.10", "mirai", today(2)))
    actions.take_over(listed, actor=owner)
    write_table_alone()
    assert (folder / "table.bin").exists()
    with TestCase.captureOnCommitCallbacks(execute=True):
        gone = purge(shown.campaign)
    assert gone["public_lists"] == 2
    assert not (folder / "table.bin").exists()
    assert list((home / "public-lists").iterdir()) == []
    listed.refresh_from_db()
    assert (listed.examples, listed.sha256 != "") == ([], True)
