"""RouterOS scripts: only lines of the manual's form."""

import re

from quetsach.blocklists.contract import Mode
from tests.blocklists.making import (
    make,
    mixed,
)


def test_a_router_script_says_only_what_the_manual_has() -> None:
    made = make("mikrotik", mixed(), Mode.BLOCK)
    line_form = re.compile(
        r'#.*|/(ip|ipv6) firewall (address-list|raw) (remove \[find (list|comment)="[a-z0-9 -]+"\]'
        r'|add (list="[a-z0-9-]+" address=[0-9a-f:./]+ timeout=\d+d\d\d:\d\d:\d\d'
        r'|chain=(prerouting|output) dst-address-list="[a-z0-9-]+" action=drop log=yes '
        r'log-prefix="qs-[0-9a-f]{12}") comment="[A-Za-z0-9 _-]*")'
    )
    for text in (*made.files.values(), *made.undo.values()):
        assert all(line_form.fullmatch(line) for line in text.splitlines()), text
    text = made.files["quetsach.rsc"]
    assert text.index("remove") < text.index("address=203.0.113.77")
    assert "timeout=30d00:00:00" in text
