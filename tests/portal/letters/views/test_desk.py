"""The signer reads the letter where it is signed, and hands back what was signed elsewhere."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.files import signing_desk
from quetsach_portal.files.models import StoredFile
from quetsach_portal.letters.actions import signing
from quetsach_portal.letters.models import Letter, SigningWay
from quetsach_portal.people.models.roles import Role
from quetsach_public.limits import PaceLimits
from tests.portal.letters import staged
from tests.portal.letters.staged import text
from tests.portal.reports import papers
from tests.signing.pades.csc_double import OTP, PIN, TOKEN, CscDouble, running

pytestmark = pytest.mark.django_db


def presented(world, way: SigningWay = SigningWay.SIGN_FIRST) -> Letter:
    clerk = world.user("TC", Role.CLERK)
    letter = signing.choose_way(staged.with_clerk(world).pk, way, actor=clerk)
    return signing.present(letter.pk, staged.SIGNER, actor=clerk)


def holder(letter: Letter):
    return papers.holder(letter.issuer_name, person=letter.signer_name)


def test_from_the_first_page_to_the_signed_letter_in_three_clicks(world, client_of) -> None:
    letter = presented(world)
    signer, desk = client_of("TC", Role.SIGNER), f"/letters/{letter.pk}/sign/"
    assert f'href="{desk}"' in text(signer.get("/")), "click 1"
    page = text(signer.get(desk))
    assert f"{desk}1.png" in page
    assert f'href="/letters/{letter.pk}/file/pdf"' in page, "click 2"
    assert signer.get(f"{desk}1.png").content.startswith(b"\x89PNG")
    assert signer.get(f"{desk}99.png").status_code == 404
    data = papers.signed(papers.content(letter.pdf), holder(letter))
    done = signer.post(desk, {"file": SimpleUploadedFile("da-ky.pdf", data)})
    assert done.status_code == 302, "click 3"
    letter.refresh_from_db()
    assert letter.signature is not None
    assert desk not in text(signer.get("/"))
    assert "không có gì để ký" in text(signer.get(desk))


@pytest.mark.parametrize("name", ["khoa.p12", "khoa.pdf"])
def test_a_private_key_is_refused_and_not_stored(world, client_of, name) -> None:
    letter = presented(world)
    files = StoredFile.objects.count()
    answer = client_of("TC", Role.SIGNER).post(
        f"/letters/{letter.pk}/sign/", {"file": SimpleUploadedFile(name, holder(letter).p12())}
    )
    assert "khóa riêng" in text(answer)
    assert StoredFile.objects.count() == files


def test_who_signs_on_paper_is_told_what_the_clerk_does_and_nothing_to_press(
    world, client_of
) -> None:
    letter = presented(world, SigningWay.PAPER)
    signer, desk = client_of("TC", Role.SIGNER), f"/letters/{letter.pk}/sign/"
    page = text(signer.get(desk))
    assert "Ở đây không phải bấm gì" in page
    assert 'name="file"' not in page
    assert signer.get(f"{desk}remotely/").status_code == 302


def test_a_letter_that_is_not_ready_is_on_nobodys_list_to_sign(world, client_of) -> None:
    letter = staged.with_clerk(world)
    assert f"/letters/{letter.pk}/sign/" not in text(client_of("TC", Role.SIGNER).get("/"))


def configured(settings, double: CscDouble) -> None:
    settings.QUETSACH = replace(
        settings.QUETSACH, signing_url=double.url, signing_hosts=("127.0.0.0/8",)
    )
    folder = settings.QUETSACH.home / "signing-secrets"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "127.0.0.1").write_text(f"{TOKEN}\n")


def test_remote_signing_is_off_until_the_operator_sets_it_up(world, client_of) -> None:
    letter = presented(world)
    signer, desk = client_of("TC", Role.SIGNER), f"/letters/{letter.pk}/sign/"
    assert f"{desk}remotely/" not in text(signer.get(desk))
    page = text(signer.post(f"{desk}remotely/", {"user_id": "chutich"}))
    assert "chưa kết nối dịch vụ" in page


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_letter_is_signed_by_a_key_at_a_service(world, client_of, settings, version) -> None:
    letter = presented(world)
    signer, remote = client_of("TC", Role.SIGNER), f"/letters/{letter.pk}/sign/remotely/"
    with running(CscDouble(version, holder=holder(letter))) as double:
        configured(settings, double)
        assert remote in text(signer.get(f"/letters/{letter.pk}/sign/"))
        asked = {"user_id": "chutich", "credential": "khoa-1"}
        assert letter.signer_name in text(signer.post(remote, {**asked, "act": "find"}))
        assert "đã gửi mã" in text(signer.post(remote, {**asked, "act": "code"}))
        wrong = signer.post(remote, {**asked, "act": "sign", "pin": "1", "otp": OTP})
        assert "E476" in text(wrong)
        assert OTP not in text(wrong)
        other = signer.post(remote, {**asked, "credential": "khoa-2", "act": "sign"})
        assert "chọn một chứng thư" in text(other)
        codes = {"pin": PIN, "otp": OTP}
        assert signer.post(remote, {**asked, "act": "sign", **codes}).status_code == 302
    letter.refresh_from_db()
    assert letter.signature.signer_name == letter.signer_name
    trail = AuditEvent.objects.filter(action__startswith="letter.remote").order_by("seq")
    assert [(event.action, event.detail["credential"]) for event in trail] == [
        ("letter.remote_code", "khoa-1"),
        ("letter.remote_refused", "khoa-1"),
        ("letter.remote_refused", "khoa-2"),
    ]
    assert all(event.actor_id and event.object_id == str(letter.pdf_id) for event in trail)
    assert not any(word in str(event.detail) for event in trail for word in (PIN, OTP, "chutich"))


def test_codes_and_pins_are_tried_in_a_pace_by_account_and_by_user_name(
    world, client_of, settings, monkeypatch
) -> None:
    letter = presented(world)
    signer, remote = client_of("TC", Role.SIGNER), f"/letters/{letter.pk}/sign/remotely/"
    asked = {"user_id": "chutich", "credential": "khoa-1", "pin": "1", "otp": OTP}
    with running(CscDouble(holder=holder(letter))) as double:
        configured(settings, double)
        for limit, others in (("_of_account", "ai-do"), ("_of_user_id", " CHUTICH")):
            monkeypatch.setattr(signing_desk, "_of_account", PaceLimits(0, 1_000))
            monkeypatch.setattr(signing_desk, "_of_user_id", PaceLimits(0, 1_000))
            monkeypatch.setattr(signing_desk, limit, PaceLimits(0, 2))
            for act in ("code", "sign"):
                assert "quá nhiều" not in text(signer.post(remote, {**asked, "act": act}))
            before = len(double.asked), AuditEvent.objects.count()
            for act in ("code", "sign"):
                page = text(signer.post(remote, {**asked, "user_id": others, "act": act}))
                assert "quá nhiều" in page
            assert (len(double.asked), AuditEvent.objects.count()) == before
            assert "quá nhiều" not in text(signer.post(remote, {**asked, "act": "find"}))


def test_certificates_are_looked_up_in_a_pace_by_person(
    world, client_of, settings, monkeypatch
) -> None:
    letter = presented(world)
    signer, remote = client_of("TC", Role.SIGNER), f"/letters/{letter.pk}/sign/remotely/"
    monkeypatch.setattr(signing_desk, "_finds_of_account", PaceLimits(0, 2))
    with running(CscDouble(holder=holder(letter))) as double:
        configured(settings, double)
        for user_id in ("chutich", "ai-do"):
            page = text(signer.post(remote, {"user_id": user_id, "act": "find"}))
            assert "quá nhiều" not in page
        before = len(double.asked)
        page = text(signer.post(remote, {"user_id": "ai-khac", "act": "find"}))
        assert "quá nhiều" in page
        assert len(double.asked) == before
