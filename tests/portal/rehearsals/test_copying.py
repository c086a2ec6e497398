"""What goes into a rehearsal: the campaign, and nobody's name."""

import json
from pathlib import Path

import pytest

from quetsach_portal.campaigns.actions.materials import add_material
from quetsach_portal.files.storage import path_of
from quetsach_portal.people.models.account import User
from quetsach_portal.rehearsals.copying import SEED, copy_into, units_of
from quetsach_portal.units.models import UnitContact
from tests.portal.api.lists import publish
from tests.portal.campaigns.acting import owner, pdf, prepared, second_owner
from tests.portal.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(db: None) -> World:
    return make_world(live=False)


def copied(world: World, tmp_path: Path) -> list[dict]:
    folder = tmp_path / "copy"
    folder.mkdir()
    copy_into(folder, world.campaign, lambda: None)
    return [json.loads(line) for line in (folder / SEED).read_text().splitlines()]


def test_no_name_no_address_and_no_phone_of_a_real_person_comes_along(
    register: World, tmp_path: Path
) -> None:
    register.campaign = prepared(register)
    UnitContact.objects.update(person="Nguyễn Thị Thật", phone="0900000001")
    bounced = UnitContact.objects.order_by("pk")[0]
    bounced.disabled_reason = "550 5.1.1 <that@coquan.example>: User unknown"
    bounced.save()
    second_owner(register)
    rows = copied(register, tmp_path)
    text = json.dumps(rows, ensure_ascii=False)
    assert "coquan.example" not in text
    assert "Nguyễn Thị Thật" not in text
    assert "0900000001" not in text
    for user in User.objects.all():
        assert user.email not in text
        assert user.name not in text
    mails = [row["fields"]["mail"] for row in rows if row["model"] == "units.unitcontact"]
    assert len(mails) == len(set(mails)) == 4
    assert all(mail.endswith("@dien-tap.example") for mail in mails)
    reasons = [row["fields"].get("disabled_reason") for row in rows]
    assert [reason for reason in reasons if reason] == ["550"]
    accounts = [row["fields"] for row in rows if row["model"] == "people.user"]
    assert accounts
    assert not any(account["is_active"] for account in accounts)
    assert all(account["password"].startswith("!") for account in accounts)


def test_the_campaign_comes_with_its_units_and_those_above_alone(
    register: World, tmp_path: Path
) -> None:
    register.campaign = prepared(register)
    other = make_campaign_of_strangers(register)
    rows = copied(register, tmp_path)
    assert units_of(register.campaign) == {
        register.units[code].pk for code in ("TC", "TC01", "TC02", "TC01A")
    }
    by_model: dict[str, list] = {}
    for row in rows:
        by_model.setdefault(row["model"], []).append(row)
    assert {row["fields"]["code"] for row in by_model["units.orgunit"]} == {
        *("TC", "TC01", "TC02", "TC01A")
    }
    assert [row["pk"] for row in by_model["campaigns.campaign"]] == [register.campaign.pk]
    assert register.campaign.pk != other.pk
    assert len(by_model["campaigns.campaignnode"]) == 4
    assert "audit.auditevent" not in by_model
    assert by_model["campaigns.campaign"][0]["fields"]["state"] == "draft"


def make_campaign_of_strangers(world: World):
    from quetsach_portal.campaigns.actions.preparing import CampaignBasics, create
    from quetsach_portal.people.models.roles import Role

    return create(
        world.units["KH"], CampaignBasics("Khác", "x"), actor=world.user("KH", Role.LEAD_OWNER)
    )


def test_files_are_copies_and_no_links(register: World, tmp_path: Path) -> None:
    register.campaign = prepared(register)
    publish(register, tmp_path, "bad.example\n")
    material = add_material(
        register.campaign,
        pdf(),
        title="Áp phích",
        version="1",
        language="vi",
        kind="poster",
        actor=owner(register),
    )
    rows = copied(register, tmp_path)
    files = [row["pk"] for row in rows if row["model"] == "files.storedfile"]
    assert str(material.file_id) in files
    assert str(register.campaign.release_file_id) in files
    place = path_of(register.campaign.release_file)
    copy = tmp_path / "copy" / "files" / place.parent.name / place.name
    assert copy.read_bytes() == place.read_bytes()
    assert copy.stat().st_ino != place.stat().st_ino
