"""Sign translated texts; hand in recordings, publish what a second person heard, withdraw."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.files.actions import FileUpload, accept_upload
from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.sniff import sniff
from quetsach_portal.files.storage import path_of
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.publishing.models import RecordingState, SpokenRecording, TextReview
from quetsach_portal.publishing.spoken.queries import is_of_these_words
from quetsach_portal.publishing.writing import enqueue_writing
from quetsach_portal.web.acts import Refused
from quetsach_public.pages.recordings import digest_of_words
from quetsach_public.pages.reviews import translated_texts

PURPOSE = "recording"


def sign(
    campaign: Campaign, language: str, digests: Mapping[str, str], *, name: str, actor: User
) -> int:
    """Sign the texts of `digests` (by key, as they were shown) with `name`; return how many.

    Errors: Refused without a name, for no text, and for words that are no longer on the page.
    """
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Type your full name: it is your signature."), field="signed_name")
    if not digests:
        raise Refused(_("Tick the texts that you have read."))
    current = translated_texts(language)
    stale = [key for key in digests if key not in current or current[key].sha256 != digests[key]]
    if stale:
        raise Refused(_("A text has changed since you opened this page. Read it again."))
    with transaction.atomic():
        Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        rows = [
            TextReview(
                campaign=campaign,
                language=language,
                key=key,
                sha256=digest,
                reviewer=actor,
                signed_name=name[:120],
            )
            for key, digest in digests.items()
        ]
        TextReview.objects.bulk_create(rows, ignore_conflicts=True)
        record(
            "publishing.texts_signed",
            actor=actor,
            kind="campaign",
            object_id=campaign.pk,
            unit_path=campaign.lead_unit.path,
            detail={"language": language, "texts": sorted(digests), "name": name[:120]},
        )
        enqueue_writing(asked_by_id=actor.pk)
    return len(rows)


def hand_in(
    campaign: Campaign,
    key: str,
    language: str,
    upload: FileUpload,
    *,
    actor: User,
    is_machine: bool = False,
) -> SpokenRecording:
    """Store a recording that waits for a second person. Errors: FileRefused, with a text."""
    with transaction.atomic():
        path = campaign.lead_unit.path
        stored = accept_upload(upload, purpose=PURPOSE, owner_path=path, actor=actor)
        recording = SpokenRecording.objects.create(
            campaign=campaign,
            key=key,
            language=language,
            words_sha256=digest_of_words(key, language),
            stored=stored,
            ending=_ending(stored),
            is_machine=is_machine,
            handed_in_by=actor,
        )
        _record("publishing.recording_handed_in", recording, actor)
        return recording


def publish(recording: SpokenRecording, *, actor: User) -> None:
    """Let everybody hear it, instead of the one before.

    Errors: Refused for whoever handed it in, when it is decided already, or reads other words.
    """
    with transaction.atomic():
        recording = _fresh(recording)
        if recording.state != RecordingState.DRAFT:
            raise Refused(_("This recording is not waiting for a decision."))
        if recording.handed_in_by_id == actor.pk:
            raise Refused(_("You handed this in: a second person must hear and publish it."))
        refuse_same_hand(recording.handed_in_by_id, actor)
        if not is_of_these_words(recording):
            raise Refused(_("The words on the page have changed. Record them anew."))
        before = SpokenRecording.objects.filter(
            campaign=recording.campaign,
            key=recording.key,
            language=recording.language,
            state=RecordingState.PUBLISHED,
        )
        before.update(state=RecordingState.ENDED, ended_at=timezone.now())
        recording.state, recording.published_by, recording.published_at = (
            RecordingState.PUBLISHED,
            actor,
            timezone.now(),
        )
        recording.save(update_fields=["state", "published_by", "published_at"])
        _record("publishing.recording_published", recording, actor)
        enqueue_writing(asked_by_id=actor.pk)


def end(recording: SpokenRecording, *, actor: User) -> None:
    """Withdraw or reject it; one person may, for it only takes away. Errors: Refused."""
    with transaction.atomic():
        recording = _fresh(recording)
        if recording.state == RecordingState.ENDED:
            raise Refused(_("This recording was withdrawn already."))
        recording.state, recording.ended_at = RecordingState.ENDED, timezone.now()
        recording.save(update_fields=["state", "ended_at"])
        _record("publishing.recording_ended", recording, actor)
        enqueue_writing(asked_by_id=actor.pk)


def _ending(stored: StoredFile) -> str:
    with path_of(stored).open("rb") as file:
        return sniff(file).value


def _fresh(recording: SpokenRecording) -> SpokenRecording:
    rows = SpokenRecording.objects.select_for_update(of=("self",)).select_related(
        "campaign__lead_unit"
    )
    return rows.get(pk=recording.pk)


def _record(act: str, recording: SpokenRecording, actor: User) -> None:
    record(
        act,
        actor=actor,
        kind="recording",
        object_id=recording.pk,
        unit_path=recording.campaign.lead_unit.path,
        detail={
            "text": recording.key,
            "language": recording.language,
            "sha256": recording.stored.sha256,
        },
    )
