"""`quetsach manage demo`: an empty portal becomes the demo district."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quetsach_portal.demo_district.accounts import SHOWN_UNIT, DemoPerson
from quetsach_portal.demo_district.live import LIVE_UNIT, prepare_live
from quetsach_portal.demo_district.load import load
from quetsach_portal.demo_district.public import FAMILIES
from quetsach_portal.demo_district.reports import (
    BLANK,
    P12,
    PASSPHRASE,
    PEOPLE,
    RETURNED,
    REVOKED,
    ROOT,
)
from quetsach_portal.files.signed_pdf import trust_folder
from quetsach_portal.reports.models.report import ReportVersion
from quetsach_portal.units.demo import TOP
from quetsach_portal.web.acts import Refused


class Command(BaseCommand):
    """Load the demo, print who may sign in, and say what to click first."""

    help = gettext_noop(
        "Load the demo district into an empty portal and print a password for each role."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the language of what is printed; the demo's people write Vietnamese."""
        words = _(
            "language of what is printed here (else that of quetsach); the demo is Vietnamese"
        )
        parser.add_argument("--lang", choices=["vi", "en"], help=words)
        parser.add_argument("--public-url", default="", help=_("address of the public page"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        language = options["lang"] or translation.get_language() or "vi"

        def tell(step: Promise) -> None:
            with translation.override(language):
                self.stdout.write(f"   {step}")
            self.stdout.flush()

        with translation.override(language):
            try:
                loaded = load(tell, public_url=options["public_url"])
            except Refused as refused:
                raise CommandError(refused.told) from refused
            with translation.override("vi"):
                prepare_live(settings.QUETSACH.home, loaded.campaign, loaded.accounts)
            self._print(loaded.accounts)
            self._tell_of_reports(loaded.report)
            if options["public_url"]:
                self._tell_of_public_page(options["public_url"])

    def _print(self, accounts: list[DemoPerson]) -> None:
        _ = translation.gettext
        shown = [one for one in accounts if one.unit.code in (TOP, SHOWN_UNIT, LIVE_UNIT)]
        self.stdout.write("\n" + _("Sign in with one of these; the passwords hold for this run:"))
        for one in shown:
            role = f"{one.role.label}, {one.unit.name}"
            self.stdout.write(f"   {one.user.email:<24} {one.password:<42} {role}")
        others = _("All focal points are named dm.CODE@tracu.example; their passwords: %(file)s")
        self.stdout.write("   " + others % {"file": self._kept(accounts)})
        self.stdout.write(
            "\n" + _("When the portal has started, open %(url)s and sign in as:") % _where()
        )
        for name, page in (
            ("dm.tc17", _("Today: the five tasks of a commune and its machines")),
            ("tonghop", _("Campaign: the ladder; remind the silent units")),
            ("chutri1", _("Today: what needs the lead office")),
            (
                f"dm.{LIVE_UNIT.lower()}",
                _(
                    "Monitoring, Devices and cases, Evidence › Planted names: its traffic, live; "
                    "two machines in 2 minutes"
                ),
            ),
            (f"dm.{BLANK.lower()}", _("Reports: a report from nothing, in minutes")),
            (f"dm.{RETURNED.lower()}", _("Reports: a report that was returned, with remarks")),
        ):
            self.stdout.write(f"   {name}@tracu.example".ljust(28) + f"→ {page}")

    def _tell_of_reports(self, report: ReportVersion) -> None:
        _ = translation.gettext
        appendix = reverse("reports:version", args=[report.pk])
        traced = reverse("trace:figure", args=[report.pk, PEOPLE])
        self.stdout.write("\n" + _("The district’s Appendix, signed, with what it is made of:"))
        papers = reverse("report_documents:page", args=[report.pk])
        for page, text in (
            (appendix, _("the Appendix of the district")),
            (papers, _("its DOCX and PDF, with number and QR code")),
            (traced, _("where its third number comes from, down to each unit")),
        ):
            self.stdout.write(f"   {settings.QUETSACH.public_url}{page}".ljust(62) + f"→ {text}")
        self.stdout.write(
            "   "
            + _("As tonghop@tracu.example: a correction came after it was signed; decide on it.")
        )
        text = _("Its PDF is signed by a certificate of an authority made for this demo alone:")
        self.stdout.write("   " + text)
        root, revoked = trust_folder() / "roots" / ROOT, trust_folder() / "revoked" / REVOKED
        trust = f"--root {root} --revoked {revoked}"
        self.stdout.write(f"   quetsach report verify-pdf bao-cao.pdf {trust}")
        p12 = _("quetsach report sign FILE --key %(key)s signs another; its passphrase: %(word)s")
        self.stdout.write("   " + p12 % {"key": settings.QUETSACH.home / P12, "word": PASSPHRASE})

    def _tell_of_public_page(self, address: str) -> None:
        _ = translation.gettext
        told = _("The public page, at which nobody signs in: %(address)s")
        self.stdout.write("\n" + told % {"address": address})
        self.stdout.write(
            "   "
            + _("You come from this very machine, of which it can tell nothing, and it says so.")
        )
        self.stdout.write("   " + _("What somebody hears who comes from a listed address:"))
        for listed, family, _first, _last in FAMILIES:
            asked = f"curl -H 'X-Forwarded-For: {listed}' {address}/kiem-tra"
            self.stdout.write(f"   {asked}  # {family}")

    def _kept(self, accounts: list[DemoPerson]) -> str:
        path = settings.QUETSACH.home / "demo-passwords.txt"
        lines = [
            f"{one.user.email}\t{one.password}\t{one.role}\t{one.unit.name}" for one in accounts
        ]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(path)


def _where() -> dict[str, str]:
    return {"url": settings.QUETSACH.public_url}
