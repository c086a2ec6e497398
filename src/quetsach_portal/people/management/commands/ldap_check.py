"""`quetsach manage ldap_check NAME`: whom the directory means by a name, and who that is here."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quetsach.api.problems import QuetsachError
from quetsach_portal.people.directory.accounts import account_of, unbind
from quetsach_portal.people.directory.answers import (
    DirectoryOutcome,
    DirectoryPerson,
    FoundPeople,
)
from quetsach_portal.people.directory.settings import DirectorySettings
from quetsach_portal.web.plain_text import one_line


class Command(BaseCommand):
    """Ask the directory as a sign-in does; nothing is changed, and no password is shown."""

    help = gettext_noop(
        "Tries the settings of the directory (LDAP): whom it means by a user name, with which "
        "number, address and name, and whose account here that is. With --sign-in the password is "
        "asked for and tried; it is shown and kept nowhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name."""
        parser.add_argument("name", metavar="NAME", help=_("user name in the directory"))
        parser.add_argument(
            "--sign-in", action="store_true", help=_("ask for the password, and try it")
        )
        parser.add_argument(
            "--unbind",
            action="store_true",
            help=_(
                "NAME is the mail address of an account here: free it from whom it is bound to in "
                "the directory, for the next sign-in"
            ),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run. Errors: CommandError where nobody would be let in, or the directory is away."""
        try:
            self._run(options)
        except QuetsachError as error:
            raise CommandError(str(error)) from error

    def _run(self, options: dict[str, Any]) -> None:
        directory = settings.QUETSACH.directory
        if options["unbind"]:
            self._unbind(options["name"])
            return
        if directory is None:
            raise CommandError(_("No directory is set: QUETSACH_LDAP_URIS is empty."))
        if options["sign_in"]:
            self._try(directory, options["name"])
            return
        from quetsach_portal.people.directory.asking import look_up

        answer = look_up(directory, options["name"])
        self._line(_("Server"), answer.uri)
        if directory.dn_template:
            self._line(_("Name to sign in with"), "".join(person.dn for person in answer.people))
            self.stdout.write(_("What stands there is read after a sign-in: try --sign-in."))
            return
        self._tell(directory, answer)

    def _tell(self, directory: DirectorySettings, answer: FoundPeople) -> None:
        for person in answer.people:
            self._tell_of(directory, person)
        if not answer.people:
            raise CommandError(_("The directory knows nobody by this name."))
        if len(answer.people) > 1:
            raise CommandError(
                _("This name means several, and nobody is let in: narrow QUETSACH_LDAP_FILTER.")
            )
        if directory.group:
            self._line(_("In the group"), _("yes") if answer.is_in_group else _("no"))
        if not answer.people[0].id:
            raise CommandError(
                _("%(attribute)s is missing or cannot be read; nobody is let in without it.")
                % {"attribute": directory.id_attribute}
            )
        if not answer.is_in_group:
            raise CommandError(_("Who is not in the group is not let in."))

    def _tell_of(self, directory: DirectorySettings, person: DirectoryPerson) -> None:
        self._line(_("Entry"), person.dn)
        self._line(directory.id_attribute, person.id or "–")
        self._line(directory.mail_attribute, ", ".join(person.mails) or "–")
        self._line(directory.name_attribute, person.name or "–")
        account = account_of(directory, person) if person.id else None
        if account is None:
            state = _("none: invite this address, or free an account with --unbind")
        elif account.is_bound:
            state = _("%(email)s, bound")
        else:
            state = _("%(email)s, bound at the first sign-in")
        email = "" if account is None else account.user.email
        self._line(_("Account here"), state % {"email": email})
        if account is not None and not account.user.is_active:
            self.stdout.write(_("This account is disabled here: nobody is let in."))

    def _try(self, directory: DirectorySettings, name: str) -> None:
        from quetsach_portal.people.directory.asking import prove

        answer = prove(directory, name, getpass(_("Password: ")))
        if answer.outcome is not DirectoryOutcome.RIGHT or answer.person is None:
            raise CommandError(_("Not let in: %(why)s") % {"why": answer.outcome})
        self._tell_of(directory, answer.person)
        self.stdout.write(_("The password is right."))

    def _unbind(self, email: str) -> None:
        if not unbind(email.strip().lower()):
            raise CommandError(_("No account with this address is bound to the directory."))
        self.stdout.write(_("The account is free; its next sign-in binds it anew."))

    def _line(self, label: str, text: str) -> None:
        self.stdout.write(f"{label}: {one_line(text)}")
