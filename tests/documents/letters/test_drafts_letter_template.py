"""Letter templates are data: each of ours is sound, and one that is not is named with its fault."""

from pathlib import Path

import pytest

from quetsach.documents.letters.drafts import (
    TEMPLATES,
    letter_template_codes,
    letter_templates,
    load_letter_template,
)
from quetsach.errors.exceptions import QuetsachError

SOUND = """
code = "thu"
version = "1"
language = "vi"
title = { vi = "Thử", en = "Trial" }
subject = "thử {name}"
basis = ["Thực hiện {parent}."]

[[fields]]
id = "name"
label = { vi = "Tên", en = "Name" }

[[fields]]
id = "parent"
kind = "citation"
required = false
label = { vi = "Văn bản", en = "Letter" }

[[fields]]
id = "tasks"
kind = "list"
label = { vi = "Việc", en = "Tasks" }

[[body]]
text = "Về **{name}**:"

[[body]]
each = "tasks"
level = "point"
text = "{tasks};"
last = "{tasks}."
"""


def write(folder: Path, text: str = SOUND) -> Path:
    (folder / "thu.toml").write_text(text, encoding="utf-8")
    return folder


def test_our_templates_are_sound_and_in_two_languages() -> None:
    made = letter_templates()
    assert [one.code for one in made] == [
        "launch-campaign",
        "nhac-bao-cao",
        "trien-khai-chien-dich",
    ]
    assert {one.language for one in made} == {"vi", "en"}
    for one in made:
        assert all(field.label.vi and field.label.en for field in one.fields)
        # What the clerk reads names no field by its id.
        assert all("_" not in field.label.vi for field in one.fields)


def test_a_new_template_needs_no_code(tmp_path: Path) -> None:
    (template,) = letter_templates(write(tmp_path))
    assert [field.id for field in template.fields] == ["name", "parent", "tasks"]
    assert template.body[1].last == "{tasks}."


@pytest.mark.parametrize(
    "code", ["", "no-such", "../forms/phu-luc-2022", "trien-khai-chien-dich.toml", "x" * 999]
)
def test_D2_only_a_listed_template_is_ever_opened(code: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        load_letter_template(code)
    assert caught.value.problem.code == "E420"
    assert set(letter_template_codes()) == {path.stem for path in TEMPLATES.glob("*.toml")}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('code = "thu"', 'code = "khac"', "in a file named"),
        ("thử {name}", "thử {nobody}", "no field nobody"),
        ("thử {name}", "thử {parent}", "may be left open"),
        ("thử {name}", "thử {name.__class__}", "a brace that names no field"),
        ("thử {name}", "thử {{ name }}", "a brace that names no field"),
        ("Về **{name}**", "Về **{name}", "emphasis that does not end"),
        ("Về **{name}**", "Về {name} {parent}", "does not say that it needs it"),
        ("Về **{name}**", "Về {name} {tasks}", "stands outside of its each"),
        ('each = "tasks"', 'each = "name"', "each name is no list"),
        ('each = "tasks"\n', "", "a last without each"),
        ('id = "parent"', 'id = "name"', "a field stands twice"),
        ('basis = ["Thực hiện {parent}."]', "", "field parent is never used"),
        ('kind = "list"', 'kind = "script"', "script"),
        ("[[fields]]", "[[fields", "toml"),
    ],
)
def test_a_fault_is_named(old: str, new: str, fault: str, tmp_path: Path) -> None:
    assert old in SOUND
    folder = write(tmp_path, SOUND.replace(old, new))
    with pytest.raises(QuetsachError) as caught:
        load_letter_template("thu", folder)
    assert caught.value.problem.code == "E421"
    assert fault in str(caught.value)
