"""The page says how planted names stand; a place is added, its zip fetched, and removed."""

import io
import zipfile

from quetsach_portal.people.models.roles import Role
from quetsach_portal.planted.models import PlantedPlace
from tests.portal.planted.planting import WEDNESDAY, at, planted
from tests.portal.signing_in import signed_in
from tests.portal.world import World


def test_from_a_place_to_its_zip_and_its_end(world: World) -> None:
    client = signed_in(world.user("TC01", Role.TECHNICIAN))
    page = f"/planted/units/{world.nodes['TC01'].pk}/"
    assert client.get(page).status_code == 200
    added = client.post(f"{page}add", {"name": "Một cửa", "subnet": "10.1.2.0/24"}, follow=True)
    place = PlantedPlace.objects.get()
    assert f"/planted/places/{place.pk}/kit.zip" in added.content.decode()
    kit = client.get(f"/planted/places/{place.pk}/kit.zip")
    assert (
        kit.headers["Content-Disposition"] == f'attachment; filename="quetsach-TC01-{place.pk}.zip"'
    )
    assert len(zipfile.ZipFile(io.BytesIO(kit.content)).namelist()) == 8
    place.since = WEDNESDAY
    place.save()
    planted(world, WEDNESDAY, seen_at=at("08:33"), source="<b>eve.json</b>")
    text = client.get(page).content.decode()
    assert "08:33 02/12/2026" in text
    assert "&lt;b&gt;eve.json" in text
    client.post(f"{page}places/{place.pk}/end")
    assert PlantedPlace.objects.get().ended_at is not None
    refused = client.post(f"{page}places/{place.pk}/end")
    assert refused.status_code == 200


def test_what_is_no_network_is_said_beside_the_form(world: World) -> None:
    client = signed_in(world.user("TC01", Role.FOCAL_POINT))
    page = f"/planted/units/{world.nodes['TC01'].pk}/add"
    said = client.post(page, {"name": "VP", "subnet": "10.1.2"}).content.decode()
    assert "10.1.2.0/24" in said
    assert not PlantedPlace.objects.exists()
