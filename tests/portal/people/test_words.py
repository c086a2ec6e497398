"""Every text of allauth and Django's forms that the portal can show has its Vietnamese."""

import ast
import re
from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path

import allauth
import django
import polib
import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.translation import gettext, override
from django.utils.translation.template import templatize

ALLAUTH = Path(allauth.__file__).parent
DJANGO = Path(django.__file__).parent
APPS = ("account", "mfa", "usersessions", "socialaccount")

NOT_SHOWN = re.compile(
    r"code|phone|passkey|sign.?up|user ?name|oauth|consumer|client id|token secret|application|"
    r"request token|private resources|expires at|secret key|uid\b|^token$|Email Verification|"
    r"verif|<a href|registered on|complete the following form|"
    r"Cancel Change|Change to|Changing to|Current email|Use a different|unknown account|"
    r"do not have any record|no record|you are receiving this email|In case you forgot",
    re.IGNORECASE,
)
"""Ways in that the portal does not have: codes by mail or telephone, sign-up, OAuth 1."""


def shown_by_allauth() -> Iterator[str]:
    for app in APPS:
        for file in sorted((ALLAUTH / app).rglob("*.py")):
            parts = set(file.relative_to(ALLAUTH).parts)
            if parts & {"providers", "migrations", "models.py", "admin.py", "management"}:
                continue
            yield from _marked(file)
        for file in sorted((ALLAUTH / "templates" / app).rglob("*.*")):
            if _is_theirs(file):
                yield from _in_template(file)


def _marked(file: Path) -> Iterator[str]:
    marks = {"_", "gettext", "gettext_lazy"}
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            continue
        first = node.args[0]
        if node.func.id in marks and isinstance(first, ast.Constant):
            yield str(first.value)


def _in_template(file: Path) -> Iterator[str]:
    for found in re.finditer(
        r"gettext\(u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", templatize(file.read_text("utf-8"))
    ):
        yield ast.literal_eval(found.group(1))


def _is_theirs(file: Path) -> bool:
    """True when the portal has no template of its own in this one's place."""
    try:
        chosen = get_template(file.relative_to(ALLAUTH / "templates").as_posix())
    except TemplateDoesNotExist:
        return False
    return Path(chosen.origin.name) == file  # type: ignore[attr-defined]


def test_allauth_speaks_vietnamese() -> None:
    texts = {text for text in shown_by_allauth() if not NOT_SHOWN.search(text)}
    assert len(texts) > 80
    with override("vi"):
        missing = sorted(text for text in texts if gettext(text) == text)
    assert missing == []


def test_django_speaks_vietnamese_where_a_form_says_no() -> None:
    catalogue = polib.pofile(str(DJANGO / "conf/locale/en/LC_MESSAGES/django.po"))
    places = ("core/validators.py", "forms/", "db/models/fields", "db/models/constraints.py")
    texts = {
        entry.msgid
        for entry in catalogue
        if not entry.msgid_plural
        and any(place.startswith(places) for place, _line in entry.occurrences)
    }
    same_in_both = {
        "IPv4",
        "IPv6",
        "…",
        "Email address",
        "IPv4 address",
        "URL",
        "XML text",
        "Big (8 byte) integer",
    }
    with override("vi"):
        missing = sorted(text for text in texts - same_in_both if gettext(text) == text)
    assert [text for text in missing if len(text) > 12] == []


@pytest.mark.parametrize("app", APPS)
def test_the_library_is_where_the_test_looks(app: str) -> None:
    assert (ALLAUTH / app).is_dir()
    assert files("django-allauth")
