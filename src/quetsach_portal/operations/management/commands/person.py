"""`quetsach manage person export ACCOUNT`, `... person erase ACCOUNT --yes`."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quetsach_portal.lifecycle.persons.copying import person_copy
from quetsach_portal.lifecycle.persons.erasing import erase, is_erased, preview
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused


class Command(BaseCommand):
    """Print all that is kept about a person, or erase it and print the receipt."""

    help = gettext_noop(
        "export: all that the portal keeps about a person, as JSON; every free text is searched. "
        "erase: replace name and address everywhere but where the law keeps them; without --yes "
        "it only prints what would be erased and what stays."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do and whose account it is."""
        parser.add_argument("act", choices=["export", "erase"])
        parser.add_argument("account", help=_("the account's mail address or number"))
        parser.add_argument("--yes", action="store_true", help=_("erase; this cannot be undone"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        user = _account(options["account"])
        if options["act"] == "export":
            self._print(person_copy(user, with_texts=True))
            return
        if is_erased(user):
            raise CommandError(_("This account was already erased."))
        if not options["yes"]:
            self._print(preview(user).as_json())
            self.stderr.write(_("Nothing was changed. To erase it: the same again with --yes"))
            return
        try:
            receipt = erase(user, actor=None)
        except Refused as refused:
            raise CommandError(refused.told) from refused
        self._print(receipt.as_json())

    def _print(self, content: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(content, ensure_ascii=False, indent=1))


def _account(text: str) -> User:
    rows = User.objects.filter(pk=int(text)) if text.isdecimal() else User.objects.none()
    user = rows.first() or User.objects.filter(email__iexact=text).first()
    if user is None:
        raise CommandError(_("No account has the address or number %(text)s.") % {"text": text})
    return user
