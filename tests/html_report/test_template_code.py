"""Compiled templates are kept, are those of the template as it is now, and harm nothing."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment
from jinja2.bccache import bc_magic

from quetsach.html_report.page import compile_templates, page_templates
from quetsach.html_report.template_code import TemplateCode


def rendered(source: str, folder: Path) -> str:
    templates = Environment(loader=DictLoader({"a.html": source}), autoescape=True)
    templates.bytecode_cache = TemplateCode(folder)
    return templates.get_template("a.html").render(x="<")


def test_what_was_compiled_is_used_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    assert rendered("a {{ x }}", tmp_path / "new") == "a &lt;"
    (kept,) = (tmp_path / "new").iterdir()
    written = kept.read_bytes()
    monkeypatch.setattr(Environment, "compile", None)
    assert rendered("a {{ x }}", tmp_path / "new") == "a &lt;"
    monkeypatch.undo()
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    assert rendered("b {{ x }}", tmp_path / "new") == "b &lt;"
    assert kept.read_bytes() != written


@pytest.mark.parametrize(
    "damage", [b"", b"j2", b"\x00" * 40, bc_magic, bc_magic + b"what", bc_magic + b"\x80\x02K\x05."]
)
def test_a_damaged_file_is_compiled_anew(
    damage: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    rendered("a {{ x }}", tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(damage)
    assert rendered("a {{ x }}", tmp_path) == "a &lt;"


def test_nothing_is_written_where_bytecode_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    assert rendered("a {{ x }}", tmp_path / "new") == "a &lt;"
    assert not (tmp_path / "new").exists()
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    assert rendered("a {{ x }}", tmp_path / "file" / "below") == "a &lt;"


def test_all_templates_of_the_page_can_be_compiled_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    monkeypatch.setattr("sys.pycache_prefix", str(tmp_path))
    page_templates.cache_clear()
    compile_templates()
    page_templates.cache_clear()
    names = [path.name.partition(".html")[0] for path in tmp_path.rglob("*.code")]
    assert {"page", "coverage"} <= {*names}
