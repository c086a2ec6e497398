"""The ratchets count what they say, on small made trees; a baseline names every difference."""

import ast
import json
from pathlib import Path

import pytest

from tools import house_check
from tools.house import ratchets, schema
from tools.house.baseline import counted_tests, differences
from tools.house.names import odd_variables, variables
from tools.house.ratchets import CAPS, FIGURES, read_source


def made_tree(root: Path, files: dict[str, str]) -> ratchets.Source:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return read_source(root)


def counted(root: Path, figure: str, files: dict[str, str]) -> list[str]:
    return FIGURES[figure](made_tree(root, {f"src/{name}": text for name, text in files.items()}))


def test_public_classes_that_share_a_name_are_all_listed(tmp_path: Path) -> None:
    files = {
        "quetsach/a.py": "class Line: ...\nclass Command: ...\nclass _Own: ...\n",
        "quetsach_portal/b.py": "class Line:\n    class Meta: ...\nclass Command: ...\n",
        "quetsach_public/c.py": "class Case:\n    class Meta: ...\nclass _Own: ...\n",
    }
    assert counted(tmp_path, "shared-class-names", files) == [
        "quetsach/a.py:1: Line",
        "quetsach_portal/b.py:1: Line",
    ]


LONG_LIVED = """\
def f(found, cases):
    one = 1
    two = one



    for row in cases:
        print(
            1,
            2,
            row,
            found,
        )
    return two
"""


def test_an_empty_name_counts_once_it_lives_longer_than_three_lines() -> None:
    odd = [variable.name for variable in odd_variables(ast.parse(LONG_LIVED), Path("a/cases.py"))]
    assert odd == ["found", "row"]


def test_a_row_is_a_word_of_files_about_tables() -> None:
    tree = ast.parse(LONG_LIVED)
    by_name = [variable.name for variable in odd_variables(tree, Path("a/table.py"))]
    by_library = ast.parse(f"import csv\n{LONG_LIVED}")
    assert by_name == ["found"]
    assert [each.name for each in odd_variables(by_library, Path("a/b.py"))] == ["found"]


def test_each_variable_counts_once_a_scope_and_not_in_functions_around_it() -> None:
    tree = ast.parse(
        "def f(self, a, *b, **c):\n"
        "    def g(d):\n        e = d\n"
        "    with a as h, b as i:\n        h = [j for j in i]\n"
        "    try: ...\n    except OSError as k: ...\n"
        "    if (m := a): ...\n"
    )
    assert sorted(variable.name for variable in variables(tree)) == list("abcdehijkm")


def test_a_dotted_string_of_ours_counts_where_it_names_something(tmp_path: Path) -> None:
    files = {
        "quetsach_portal/__init__.py": "",
        "quetsach_portal/act.py": "def run(): ...\n",
        "quetsach_portal/config/settings.py": (
            "import os\n"
            "JOBS = {'a': 'quetsach_portal.act.run', 'b': 'quetsach_portal.act.gone'}\n"
            "PORTAL_APPS = ['quetsach_portal.act']\n"
            "MIDDLEWARE = ['quetsach_portal.act.run']\n"
            "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'quetsach_portal.config.settings')\n"
        ),
        "quetsach_portal/urls.py": "urls = [include('quetsach_portal.act')]\n",
        "quetsach_portal/start.py": (
            "command = ['python', '-m', 'quetsach_portal.act', 'quetsach_portal.act']\n"
            "act = 'quetsach_portal.act:run'\n"
        ),
        "quetsach_portal/act/apps.py": "name = 'quetsach_portal.act'\n",
    }
    assert counted(tmp_path, "dotted-strings", files) == [
        "quetsach_portal/config/settings.py:2: quetsach_portal.act.run",
        "quetsach_portal/start.py:1: quetsach_portal.act",
    ]
    assert FIGURES["django-apps"](read_source(tmp_path)) == ["quetsach_portal.act"]


def test_import_string_counts_by_call(tmp_path: Path) -> None:
    text = "from m import import_string\nimport_string(a)\nm.import_string(b)\n"
    assert counted(tmp_path, "import-string-calls", {"quetsach/a.py": text}) == [
        "quetsach/a.py:2: import_string",
        "quetsach/a.py:3: import_string",
    ]


def test_short_modules_are_those_that_a_reader_has_to_look_for(tmp_path: Path) -> None:
    short, long = "pass\n" * 39, "pass\n" * 40
    files = {
        "quetsach/__init__.py": short,
        "quetsach/a.py": short,
        "quetsach/b.py": long,
        "quetsach/formats/zeek.py": short,
        "quetsach_portal/cases/urls.py": short,
        "quetsach_portal/cases/migrations/0001_initial.py": short,
        "quetsach_portal/cases/management/commands/work.py": short,
    }
    assert counted(tmp_path, "short-modules", files) == ["quetsach/a.py: 39 lines"]
    assert len(FIGURES["files"](read_source(tmp_path))) == 6
    assert len(FIGURES["lines"](read_source(tmp_path))) == 5 * 39 + 40


def test_long_modules_are_those_over_400_lines(tmp_path: Path) -> None:
    files = {"quetsach/a.py": "\n" * 400, "quetsach_portal/b.py": "\n" * 401}
    assert counted(tmp_path, "long-modules", files) == ["quetsach_portal/b.py: 401 lines"]


def test_cycles_are_found_through_functions_and_relative_imports(tmp_path: Path) -> None:
    files = {
        "quetsach/__init__.py": "",
        "quetsach/a.py": "from quetsach import b\n",
        "quetsach/b.py": "def f():\n    from .c import g\n",
        "quetsach/c.py": "import quetsach.a\n",
        "quetsach/d.py": "from quetsach.a import f\n",
        "quetsach/e.py": "if TYPE_CHECKING:\n    from quetsach import f\n",
        "quetsach/f.py": "from quetsach import e\n",
    }
    assert counted(tmp_path, "import-cycles", files) == ["quetsach.a <-> quetsach.b <-> quetsach.c"]


def test_functions_over_sixty_lines_are_listed(tmp_path: Path) -> None:
    text = "def f():\n" + "    pass\n" * 60 + "def g():\n" + "    pass\n" * 59
    assert counted(tmp_path, "long-functions", {"quetsach/a.py": text}) == [
        "quetsach/a.py:1: f, 61 lines"
    ]


def test_each_package_has_its_own_folder_of_tests(tmp_path: Path) -> None:
    files = {
        "src/quetsach/api/cards.py": "",
        "src/quetsach_portal/cases/views.py": "",
        "src/quetsach_portal/cases/urls.py": "",
        "src/quetsach_public/app.py": "",
        "src/quetsach_public/__main__.py": "",
        "tests/public/test_app.py": "",
    }
    assert FIGURES["untested-files"](made_tree(tmp_path, files)) == [
        "quetsach/api/cards.py -> tests/api/test_cards.py",
        "quetsach_portal/cases/views.py -> tests/portal/cases/test_views.py",
    ]


def test_a_figure_that_rises_fails_and_one_that_falls_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made_tree(tmp_path, {"src/quetsach/a.py": "pass\n" * 40, "tests/test_a.py": ""})
    caps = tmp_path / CAPS
    caps.parent.mkdir()
    caps.write_text("".join(f"{name} = 0\n" for name in FIGURES if name != "files") + "files = 5\n")
    assert ratchets.check(tmp_path) == 1
    shown = capsys.readouterr().out
    assert "lines rose from 0 to 40" in shown
    assert "files fell from 5 to 1: lower its cap" in shown

    caps.write_text(caps.read_text().replace("lines = 0", "lines = 50"))
    assert ratchets.check(tmp_path, lower=True) == 0
    assert "lines = 40\n" in caps.read_text()
    assert "files = 1\n" in caps.read_text()
    capsys.readouterr()
    assert ratchets.check(tmp_path) == 0
    assert capsys.readouterr().out == ""


def test_lowering_never_raises_a_cap(tmp_path: Path) -> None:
    made_tree(tmp_path, {"src/quetsach/a.py": "pass\n" * 40, CAPS.as_posix(): "lines = 7\n"})
    assert ratchets.check(tmp_path, lower=True) == 1
    assert "lines = 7\n" in (tmp_path / CAPS).read_text()


def test_a_figure_without_a_cap_fails(tmp_path: Path) -> None:
    made_tree(tmp_path, {CAPS.as_posix(): "lines = 0\n"})
    assert ratchets.check(tmp_path) == 1


def test_tests_are_counted_by_name_wherever_they_are() -> None:
    lines = [
        "a/test_a.py::test_f[1]",
        "a/test_a.py::test_f[2]",
        "b/test_b.py::test_f",
        "",
        "3 in 1",
    ]
    assert counted_tests(lines) == {
        "test_f": "2 functions, 3 tests",
        "all": "2 functions, 3 tests",
    }


def test_every_difference_is_named() -> None:
    before = {"docs": {"a.md": "1", "b.md": "2"}, "gone": {}}
    after = {"docs": {"a.md": "1", "b.md": "3", "c.md": "4"}}
    assert differences(before, after) == [
        "docs: b.md: 2 -> 3",
        "docs: c.md: none -> 4",
        "gone: only in the first",
    ]


TABLE = """CREATE TABLE "cases_case" ("id" integer NOT NULL PRIMARY KEY, \
"word" varchar(9) NOT NULL CHECK ("word" IN ('a,b', 'c)')), \
"unit_id" bigint NULL REFERENCES "units_unit" ("id"), \
CONSTRAINT "word_once" UNIQUE ("word", "unit_id"))"""


def test_a_table_is_taken_apart_at_its_own_commas() -> None:
    assert schema.split_definition(TABLE) == [
        '"id" integer NOT NULL PRIMARY KEY',
        "\"word\" varchar(9) NOT NULL CHECK (\"word\" IN ('a,b', 'c)'))",
        '"unit_id" bigint NULL REFERENCES "units_unit" ("id")',
        'CONSTRAINT "word_once" UNIQUE ("word", "unit_id")',
    ]


def lines_of(sql: str) -> dict[str, str]:
    table = sql.split('"')[1]
    return schema.flat(schema.of_sqlite([("table", table, table, sql)]))


def test_the_structure_of_a_table_has_a_line_for_each_part() -> None:
    assert lines_of(TABLE) == {
        "cases_case.id": "integer NOT NULL PRIMARY KEY",
        "cases_case.word": "varchar(9) NOT NULL CHECK (\"word\" IN ('a,b', 'c)'))",
        "cases_case.unit_id": 'bigint NULL REFERENCES "units_unit" ("id")',
        'cases_case constraints: UNIQUE ("word", "unit_id")': "1",
        "cases_case names: constraints word_once": "1",
    }


def test_a_renamed_table_with_the_same_structure_makes_no_difference() -> None:
    new = (
        TABLE.replace("cases_case", "cases_lawsuit")
        .replace("units_unit", "register_unit")
        .replace("word_once", "other")
    )
    before = {"schema sqlite": lines_of(TABLE)}
    after = {"schema sqlite": lines_of(new)}
    names = {"cases_case": "cases_lawsuit", "units_unit": "register_unit"}
    assert differences(before, after, tables=names) == []
    assert len(differences(before, after)) > 4
    after = {"schema sqlite": lines_of(new.replace("bigint NULL", "bigint NOT NULL"))}
    assert len(differences(before, after, tables=names)) == 1


def test_compare_ends_with_one_where_something_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps({"docs": {"a.md": "1"}}))
    new.write_text(json.dumps({"docs": {"a.md": "2"}}))
    assert house_check.main(["compare", str(old), str(old)]) == 0
    assert capsys.readouterr().out == "no difference\n"
    assert house_check.main(["compare", str(old), str(new)]) == 1
    assert capsys.readouterr().out == "docs: a.md: 1 -> 2\n"
