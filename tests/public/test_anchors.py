"""L4: anybody may fetch the signed heads of the portal's trail."""

from pathlib import Path

import pytest

from quetsach_public.app import Application
from tests.public.asking import asked
from tests.public.made import NOW, made_home


@pytest.mark.asvs("V16.4.3")
def test_L4_the_anchors_are_handed_out_and_kept_by_caches_for_a_while(tmp_path: Path) -> None:
    settings = made_home(tmp_path)
    app = Application(settings, now=lambda: NOW, check_interval_s=0)
    assert asked(app, "/anchors.jsonl").status == 404
    settings.anchors.write_bytes(b'{"seq": 1}\n')
    got = asked(app, "/anchors.jsonl")
    assert got.status == 200
    assert got.text == '{"seq": 1}\n'
    assert "max-age" in got.headers["Cache-Control"]
    assert asked(app, "/anchors.jsonl", HTTP_IF_NONE_MATCH=got.headers["ETag"]).status == 304
