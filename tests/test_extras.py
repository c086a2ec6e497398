"""What is not installed is told by the extra that brings it; the core works without any."""

import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from importlib.util import find_spec

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from quetsach.cli.portal import run_portal
from quetsach.errors.exceptions import QuetsachError
from quetsach.extras import EXTRA_OF, missing_in, missing_package, require
from tests.cli.core_alone import HidingFinder
from tools.supply.parts import PROJECTS, ROOT

PROJECT, PORTAL = (
    tomllib.loads((ROOT / file).read_text("utf-8"))["project"] for file in PROJECTS.values()
)
EXTRAS = {**PROJECT["optional-dependencies"], "portal": PORTAL["dependencies"]}
# Our own are installed in place, without a list of their files.
BROUGHT = {**packages_distributions(), "quetsach_portal": [], "quetsach_public": []}


def names(rows: Iterable[str]) -> set[str]:
    return {str(canonicalize_name(Requirement(row).name)) for row in rows} - set(PROJECTS)


def test_each_package_of_the_table_comes_with_its_extra_and_not_with_the_core() -> None:
    core = names(PROJECT["dependencies"])
    for package, extra in EXTRA_OF.items():
        if find_spec(package) is None:
            assert extra == "spark", "everything else is installed for the tests"
            continue
        distributions = {str(canonicalize_name(name)) for name in BROUGHT[package]}
        assert not distributions & core, package
        # What a package of the extra brings itself, as pydantic by django-ninja, has no row there.
        direct = distributions & names([row for rows in EXTRAS.values() for row in rows])
        assert not direct or direct <= names(EXTRAS[extra]) | names(EXTRAS["dev"]), package


def test_each_extra_that_people_install_has_a_package_in_the_table() -> None:
    assert set(EXTRA_OF.values()) == set(EXTRAS) - {"all", "run", "dev", "bench"}
    for extra in set(EXTRA_OF.values()):
        direct = names(EXTRAS[extra])
        brought = {
            str(canonicalize_name(name))
            for package in EXTRA_OF
            if EXTRA_OF[package] == extra
            for name in BROUGHT.get(package, [])
        }
        if extra != "spark":
            assert direct <= brought, extra


@pytest.fixture
def core_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide every package of an extra, those that are loaded already too."""
    for name in [name for name in sys.modules if name.partition(".")[0] in EXTRA_OF]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [HidingFinder(finder) for finder in sys.meta_path])


def test_what_is_missing_is_told_with_the_command_that_brings_it(core_alone: None) -> None:
    with pytest.raises(QuetsachError) as caught:
        require("typst", "phieu.pdf")
    problem = caught.value.problem
    assert (problem.code, problem.where) == ("E614", "phieu.pdf")
    assert "pip install 'quetsach[pdf]'" in str(caught.value)
    nested = missing_package("pyhanko.sign")
    assert nested is not None
    assert nested.problem.facts == {"package": "pyhanko", "extra": "pdf"}


def test_words_of_another_process_are_believed_only_where_they_fit(core_alone: None) -> None:
    said = missing_in("ModuleNotFoundError: No module named 'lxml'", "danh-sach.docx")
    assert said is not None
    assert said.problem.facts == {"package": "lxml", "extra": "documents"}
    for other in ("No module named 'quetsach_evil'", "No module named 'pyarrow'", "lxml", ""):
        assert missing_in(other, "x") is None


def test_the_portal_is_missing_where_the_engine_alone_is_installed(core_alone: None) -> None:
    with pytest.raises(QuetsachError) as caught:
        run_portal(["serve"])
    assert caught.value.problem.code == "E615"
    assert caught.value.problem.facts == {"package": "quetsach_portal"}


def test_what_is_installed_is_not_missing() -> None:
    require("lxml")
    assert missing_in("No module named 'lxml'", "x") is None
    assert missing_package("") is None
