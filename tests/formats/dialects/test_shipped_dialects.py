"""The dialects that come along: each loads, has its samples, and says where its facts are from."""

import pytest

from quetsach.formats.dialects.shipped_dialects import (
    DialectFormat,
    dialect_format,
    dialect_formats,
)
from tests.formats.golden import samples

each = pytest.mark.parametrize("form", dialect_formats(), ids=lambda form: form.name)


@each
def test_says_its_source_and_has_samples(form: DialectFormat) -> None:
    assert len(form.dialect.source) > 10
    assert samples(form)


@each
def test_takes_no_empty_and_no_foreign_line(form: DialectFormat) -> None:
    assert not form.recognise(b"")
    assert not form.recognise(b"nothing at all 10.20.3.41\n")


@each
def test_the_sample_shows_each_kind_of_verdict(form: DialectFormat) -> None:
    """A dialect that tells what was denied has a sample with a denied line, and one without."""
    if not form.dialect.verdict.denied:
        return
    from tests.formats.golden import read

    types = {
        event.get("event.type")
        for path in samples(form)
        for _, event in read(form, path.read_bytes()).events
    }
    assert "denied" in types
    assert types - {"denied"}


@pytest.mark.parametrize("name", ["bind", "unbound", "powerdns"])
def test_leases_in_the_syslog_of_a_name_server_are_read_wherever_they_stand(name: str) -> None:
    """Only among the first lines they were: who held an address later was lost."""
    marker = dialect_format(name).layout(b"").marker
    assert marker
    assert marker in b"gw dhcpd: DHCPACK on 10.20.3.41 to 00:17:a4:b2:c3:d4 via eth0"
