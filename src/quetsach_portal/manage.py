"""The portal's commands: `quetsach manage ...`, or `python -m quetsach_portal.manage ...`."""

import os
import sys
from typing import NoReturn

from django.core.management import execute_from_command_line

OURS = (
    "begin",
    "invite_owner",
    "ldap_check",
    "serve",
    "work",
    "audit",
    "backup",
    "restore",
    "person",
    "rehearse",
    "demo",
)
"""The commands of the portal; the others are Django's, for who develops it."""

NEEDS_DATABASE = ("invite_owner", "ldap_check", "work", "audit", "backup", "rehearse")
WRITES_DATABASE = (*NEEDS_DATABASE, "begin", "demo", "migrate", "serve")


def main(arguments: list[str] | None = None) -> None:
    """Run one of the portal's or of Django's commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quetsach_portal.config.settings")
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == ["settings"]:
        _show_settings(words[1:])
    _speak_or_refuse(os.environ.get("LANGUAGE", ""))
    if not words or words in (["help"], ["--help"], ["-h"]):
        sys.stdout.write(_overview())
        return
    from quetsach_portal.config import command_help

    named = command_help.asked_about(words)
    if named in (*OURS, "migrate"):
        sys.stdout.write(command_help.help_of(named))
        return
    if "-h" not in words and "--help" not in words and words[0] != "help":
        from quetsach_portal.config.wrong_words import refuse_wrong_words

        refuse_wrong_words(words, (*OURS, "migrate"))
    if words[0] in NEEDS_DATABASE and not _is_without_portal(words):
        _refuse_without_portal(words[0])
    if words[0] in WRITES_DATABASE and not {"-h", "--help"} & set(words):
        _refuse_other_database(words[0])
    execute_from_command_line(["quetsach manage", *words])


def _is_without_portal(words: list[str]) -> bool:
    """Tell whether the command answers where no portal is: help, and the check of a backup."""
    return bool({"-h", "--help"} & set(words)) or ("--check" in words and "--here" not in words)


def _show_settings(words: list[str]) -> NoReturn:
    """Print the settings, and end: it starts no portal, and makes no home for one."""
    from quetsach_portal.config import showing

    code, text = showing.show(words)
    (sys.stdout if code == 0 or "--json" in words else sys.stderr).write(
        f"{text}\n" if text else ""
    )
    sys.exit(code)


def _speak_or_refuse(language: str) -> None:
    """Load the settings; end with what is wrong where they make no sense."""
    from django.core.exceptions import ImproperlyConfigured

    from quetsach.api.problems import QuetsachError, in_language

    try:
        _speak(language)
    except (ImproperlyConfigured, QuetsachError) as error:
        with in_language("en" if language.startswith("en") else "vi"):
            sys.stderr.write(f"{error}\n")
        sys.exit(2)


def _speak(language: str) -> None:
    import django
    from django.utils import translation

    django.setup()
    if language in ("vi", "en"):
        translation.activate(language)


def _overview() -> str:
    """Return what the portal's own commands do, a paragraph each."""
    from django.core.management import get_commands, load_command_class
    from django.utils.translation import gettext as _

    lines = [_("The portal's commands (quetsach manage COMMAND --help explains one):"), ""]
    for name in OURS:
        app = get_commands()[name]
        lines += [f"  {name}", f"      {_(load_command_class(str(app), name).help)}"]
    lines += ["", _("All other commands are Django's, for developers of the portal.")]
    return "\n".join(lines) + "\n"


def _refuse_without_portal(command: str) -> None:
    """End with what to do where no portal was ever started on this home."""
    from django.conf import settings
    from django.db import OperationalError, connection
    from django.utils.translation import gettext as _

    place = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and not os.path.exists(place):  # noqa: PTH110 - may be a URI
        is_there = False
    else:
        try:
            is_there = "audit_auditevent" in connection.introspection.table_names()
        except OperationalError:
            if command != "work":
                raise
            is_there = True  # A worker waits for a database that does not answer.
    if not is_there:
        message = _(
            "No portal has been started in %(home)s yet. Set QUETSACH_HOME (after make run: "
            "QUETSACH_HOME=out/portal-demo), or start one: quetsach serve"
        )
        sys.exit(message % {"home": settings.QUETSACH.home})


def _refuse_other_database(command: str) -> None:
    """End with a code where the database was made by another version, or an earlier one."""
    from django.db import OperationalError

    from quetsach.api.problems import QuetsachError, in_language
    from quetsach_portal.config import applied_migrations

    try:
        applied_migrations.refuse_other_database()
        # The portal makes the tables of an empty database; of an earlier one it changes none.
        if command == "work" or (command == "serve" and not applied_migrations.is_empty()):
            applied_migrations.refuse_earlier_database()
    except OperationalError:
        return  # The command itself tells of a database that does not answer.
    except QuetsachError as error:
        with in_language("en" if os.environ.get("LANGUAGE", "").startswith("en") else "vi"):
            sys.stderr.write(f"{error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
