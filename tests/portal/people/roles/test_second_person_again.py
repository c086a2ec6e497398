"""A6: weighty acts ask again who is there."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from quetsach_portal.config import urls as portal_urls
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.second_person import confirmed_recently
from tests.portal.signing_in import proved, signed_in
from tests.portal.world import PASSWORD, World

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.portal.people.roles.test_second_person_again"),
]


@confirmed_recently
def sign(request: HttpRequest, report: int) -> HttpResponse:
    """A weighty act: says what it was asked."""
    who = request.scope.seats[0].role  # type: ignore[attr-defined]
    return HttpResponse(f"signed {report} as {who}: {request.POST.get('note', '')}")


urlpatterns = [path("sign/<int:report>/", sign, name="sign"), *portal_urls.urlpatterns]


def signer(world: World):
    return world.user("TC01", Role.SIGNER)


def test_A6_a_fresh_sign_in_counts(world: World) -> None:
    assert signed_in(signer(world), minutes_ago=9).post("/sign/7/").content == b"signed 7 as SG: "


@pytest.mark.parametrize("minutes", [11, 600, None])
def test_A6_an_old_one_is_asked_for_the_password_and_the_act_goes_on(
    world: World, minutes: float | None
) -> None:
    client = signed_in(signer(world), minutes_ago=minutes)
    asked = client.post("/sign/7/", {"note": "đồng ý"})
    assert asked.status_code == 302
    assert asked.url == "/account/reauthenticate/?next=%2Fsign%2F7%2F"
    assert client.post(asked.url, {"password": "sai"}).status_code == 200
    assert client.post("/sign/7/").status_code == 302
    client.post("/sign/7/", {"note": "đồng ý"})
    done = client.post(asked.url, {"password": PASSWORD})
    assert done.content.decode() == "signed 7 as SG: đồng ý"
    assert client.post("/sign/8/").content == b"signed 8 as SG: "


def test_A6_who_has_a_second_factor_is_asked_for_it_and_not_for_the_password(world: World) -> None:
    user = signer(world)
    Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.TOTP,
        data={"secret": "A" * 32},
        created_at=timezone.now() - timedelta(days=1),
    )
    client = signed_in(user, minutes_ago=1, proofs=("password",))
    asked = client.post("/sign/7/")
    assert asked.url.startswith("/account/2fa/reauthenticate/")
    by_password = client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert by_password.status_code == 302
    assert client.post("/sign/7/").status_code == 302
    proved(client, user, minutes_ago=1, proofs=("mfa",))
    assert client.post("/sign/7/").content == b"signed 7 as SG: "


def test_A6_a_form_with_files_has_to_be_sent_again(world: World) -> None:
    client = signed_in(signer(world), minutes_ago=None)
    asked = client.post("/sign/7/", {"paper": SimpleUploadedFile("a.pdf", b"%PDF")})
    assert asked.url == "/account/reauthenticate/?next=%2Fsign%2F7%2F"
    assert "account_reauthentication_state" not in client.session
    assert client.post(asked.url, {"password": PASSWORD}).url == "/sign/7/"


def test_A6_who_has_no_password_here_signs_in_anew(world: World) -> None:
    user = signer(world)
    user.set_unusable_password()
    user.save()
    assert signed_in(user, minutes_ago=11).post("/sign/7/").status_code == 403
    fresh = signed_in(user, minutes_ago=2, proofs=("socialaccount",))
    assert fresh.post("/sign/7/").status_code == 200


def test_A6_a_stranger_is_sent_to_sign_in(world: World) -> None:
    assert Client().post("/sign/7/").url == "/account/login/?next=/sign/7/"


def test_A6_setting_a_second_factor_up_is_a_proof_by_itself(world: World) -> None:
    user = signer(world)
    client = signed_in(user, minutes_ago=1, proofs=("password",))
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "A" * 32})
    assert client.post("/sign/7/").content == b"signed 7 as SG: "
    proved(client, user, minutes_ago=11, proofs=("password",))
    assert client.post("/sign/7/").url.startswith("/account/2fa/reauthenticate/")


WEIGHTY = {
    "reports:sign": 1,
    "report_documents:sign": 1,
    "report_documents:sign_remotely": 1,
    "report_documents:signed": 1,
    "report_documents:scan": 1,
    "report_documents:release": 1,
    "followup:decide": 1,
    "followup:give_time": 2,
    "letters:release": 1,
    "letters:withdraw": 1,
    "letters:sign": 1,
    "letters:sign_remotely": 1,
    "letters:start": 1,
    "units:decide": 1,
    "units:reverse": 1,
    "campaigns:start": 1,
    "campaigns:end_check": 1,
    "rights:invite": 1,
    "rights:end": 1,
}
"""Addresses of acts under a unit's name, with how many numbers stand in each."""


@pytest.mark.asvs("V7.5.3")
def test_A6_each_way_to_sign_release_and_decide_asks_again(world: World) -> None:
    late = signed_in(signer(world), minutes_ago=11)
    fresh = signed_in(signer(world), minutes_ago=9)
    for name, numbers in WEIGHTY.items():
        address = reverse(name, args=[999_999] * numbers)
        asked = late.post(address, {"file": SimpleUploadedFile("a.pdf", b"%PDF")})
        assert asked.status_code == 302, name
        assert asked.url.startswith("/account/reauthenticate/"), name
        assert fresh.post(address).status_code in (403, 404), name
