"""The list of keys comes back as it was written, or is refused."""

import pytest

from quetsach.blocklists.choose import identity
from quetsach.blocklists.folder import HEAD, keys_text, read_keys
from quetsach.errors.exceptions import QuetsachError
from tests.blocklists.making import make, mixed


def test_keys_come_back_with_their_rules_ports_and_times() -> None:
    written = make("csv", mixed()).written
    back = read_keys(keys_text(written), "keys.tsv")
    assert {key: (one.until_us, one.since_us, one.indicator.port) for key, one in back.items()} == {
        identity(one.indicator): (one.until_us, one.since_us, one.indicator.port) for one in written
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bad.example\n",
        f"{HEAD}\nbad.example\tname\tbelow\n",
        f"{HEAD}\nbad.example\tdomain\tbelow\t2026-01-01T00:00:00+00:00\t2026-01-01T00:00:00+00:00\n",
        f"{HEAD}\nbad.example\tname\tbelow\tsoon\t2026-01-01T00:00:00+00:00\n",
        f"{HEAD}\n1.2.3.4:x\taddress\tip-port\t2026-01-01T00:00:00+00:00\t2026-01-01T00:00:00+00:00\n",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        read_keys(text, "keys.tsv")
    assert caught.value.problem.code == "E249"
