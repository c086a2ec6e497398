"""One device is found in its page as if all of the page were decoded."""

import json
from pathlib import Path
from typing import Any

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.findings import lookups
from quetsach.findings.folder import write_json
from quetsach.findings.lookups import device_in

NAMES = [
    "PC-1",
    "10.0.0.5",
    "10.0.0.55",
    'a"b',
    "máy\u200b\x7f\x01/2",
    "\ud7ff\\n",
    "aside",
    "PC-9",
]


def _device(name: str, **more: Any) -> dict[str, Any]:
    rival = {"device": "PC-7", "because": '\n      "device": "PC-8",\n'}
    return {
        "device": name,
        "addresses": ["10.0.0.5"],
        "rivals_because": [rival],
        "zone": {"device": "PC-6", "x": []},
        **more,
    }


def _page(repeated: int = 1) -> dict[str, Any]:
    return {
        "devices": [_device(name) for name in NAMES[:-2]] * repeated,
        "lines_to_look_at": {"listed": [{"device": "PC-5", "line": "x"}]},
        "not_blamed": [_device(name, role="target") for name in ("10.0.0.5", *NAMES[-2:])],
        "unattributed": {"device": "PC-4", "sightings": 0},
    }


@pytest.mark.parametrize("repeated", [1, 300])
@pytest.mark.parametrize("spaces", [2, 4, None])
def test_a_device_is_found_without_the_others(
    tmp_path: Path, repeated: int, spaces: int | None
) -> None:
    page, path = _page(repeated), tmp_path / "devices.json"
    if spaces == 2:
        write_json(path, page)
    else:
        path.write_text(json.dumps(page, indent=spaces))
    for name in NAMES:
        every = [*page["devices"], *page["not_blamed"]]
        assert device_in(tmp_path, name) == next(one for one in every if one["device"] == name)
    for other in ("PC-4", "PC-5", "PC-6", "PC-7", "PC-8", "", "PC-"):
        assert device_in(tmp_path, other) is None


def test_no_other_device_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_json(tmp_path / "devices.json", _page(300))
    monkeypatch.setattr(lookups, "_decoded", lambda *_: pytest.fail("all was decoded"))
    assert device_in(tmp_path, "PC-9") == _device("PC-9", role="target")
    assert device_in(tmp_path, "PC-10") is None


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"devices": 3, "not_blamed": []}', b"\xff", b'{"devices": [']
)
def test_a_damaged_page_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "devices.json").write_bytes(content)
    with pytest.raises(QuetsachError) as caught:
        device_in(tmp_path, "PC-1")
    assert caught.value.problem.code == "E305"


def test_a_page_cut_in_a_device_is_refused(tmp_path: Path) -> None:
    write_json(tmp_path / "devices.json", _page())
    whole = (tmp_path / "devices.json").read_bytes()
    cut = whole.index(b'"zone"')
    (tmp_path / "devices.json").write_bytes(whole[:cut] + b'\n  "not_blamed": [')
    with pytest.raises(QuetsachError):
        device_in(tmp_path, "PC-1")
