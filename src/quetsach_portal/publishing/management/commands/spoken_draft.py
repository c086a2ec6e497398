"""`quetsach manage spoken_draft`: Vietnamese drafts by a machine's voice, for trial only."""

from argparse import ArgumentParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.files.actions import FileUpload
from quetsach_portal.people.models.account import User
from quetsach_portal.publishing.spoken.actions import hand_in
from quetsach_portal.publishing.spoken.machine import NoVoice, read_out
from quetsach_public.pages.recordings import SPOKEN_TEXTS, spoken_words

LANGUAGE = "vi"


class Command(BaseCommand):
    """Hand in a draft of each text that can be heard; a person has to hear and publish it."""

    help = gettext_noop(
        "Hand in recordings of the public page's Vietnamese texts by the voice of espeak-ng: "
        "drafts for trial, marked as a machine's."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whose page, and in whose name the drafts are handed in."""
        parser.add_argument("campaign", type=int)
        parser.add_argument("--by", required=True, metavar="ACCOUNT")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        campaign = Campaign.objects.filter(pk=options["campaign"]).first()
        actor = User.objects.filter(email=options["by"]).first()
        if campaign is None or actor is None:
            raise CommandError(_("There is no such campaign or account."))
        for key in SPOKEN_TEXTS:
            try:
                sound = read_out(spoken_words(key, LANGUAGE), LANGUAGE)
            except NoVoice as error:
                raise CommandError(str(error)) from error
            upload = FileUpload(SimpleUploadedFile(f"{key}.wav", sound))
            hand_in(campaign, key, LANGUAGE, upload, actor=actor, is_machine=True)
        self.stdout.write(_("%(count)s drafts handed in.") % {"count": len(SPOKEN_TEXTS)})
