"""The signing service of a portal: nothing without both settings, and its refusals in words."""

from dataclasses import replace

import pytest

from quetsach.api.remote_signing import SignerCodes
from quetsach_portal.files import remote_signing
from quetsach_portal.web.acts import Refused
from tests.signing.pades.authority import pdf
from tests.signing.pades.csc_double import TOKEN, CscDouble, running


@pytest.mark.asvs("V13.2.4")
@pytest.mark.parametrize(("url", "hosts"), [("", ("ky.example",)), ("https://ky.example/v1", ())])
def test_it_is_off_unless_the_operator_names_and_allows_it(settings, url, hosts) -> None:
    settings.QUETSACH = replace(settings.QUETSACH, signing_url=url, signing_hosts=hosts)
    assert remote_signing.service() is None
    with pytest.raises(Refused):
        remote_signing.keys_of("chutich")


def test_without_its_token_the_service_refuses_and_nobody_is_known(settings) -> None:
    with running(CscDouble()) as double:
        settings.QUETSACH = replace(
            settings.QUETSACH, signing_url=double.url, signing_hosts=("127.0.0.1",)
        )
        with pytest.raises(Refused, match="E476"):
            remote_signing.keys_of("chutich")
        folder = settings.QUETSACH.home / "signing-secrets"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "127.0.0.1").write_text(TOKEN)
        assert [key.credential_id for key in remote_signing.keys_of("chutich")] == ["khoa-1"]
        with pytest.raises(Refused) as refused:
            remote_signing.keys_of("ai-do")
        assert refused.value.field == "user_id"
        with pytest.raises(Refused, match="E476"):
            remote_signing.send_code("khoa-2")
        with pytest.raises(Refused, match="E476"):
            remote_signing.signed(pdf(), "khoa-1", SignerCodes("0", "0"))
        (folder / "127.0.0.1").unlink()
