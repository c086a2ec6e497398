"""Evidence and findings in, by the same acts as on the pages."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.parts import REFUSED
from quetsach_portal.api.signing_in import ByToken, caller
from quetsach_portal.api.work_shapes import SubmissionOut
from quetsach_portal.files.actions import Given
from quetsach_portal.intake import actions
from quetsach_portal.intake.access import own_node_for, submission_for

router = Router(auth=ByToken(TokenScope.EVIDENCE))


class Begun(Schema):
    """What goes with the file.

    `key` is drawn by the caller: the same request sent twice begins one submission.
    """

    kind: Literal["logs", "collector", "findings"]
    key: uuid.UUID
    note: str = Field("", max_length=500)


@router.post(
    "/nodes/{node_id}/submissions",
    response={201: SubmissionOut, **REFUSED},
    summary="Hand in a file: logs, a collector's zip, or findings made at home",
)
def begin(request: HttpRequest, node_id: int, given: Form[Begun], file: File[UploadedFile]) -> Any:
    """Begin a submission; logs take more files until `send`, findings are sent off at once."""
    who = caller(request)
    node = own_node_for(who.scope, node_id)
    begun = actions.begin(
        node,
        kind=given.kind,
        given=Given(file=file),
        note=given.note,
        token=given.key,
        actor=who.user,
    )
    return Status(201, begun)


@router.post(
    "/submissions/{submission_id}/files",
    response={200: SubmissionOut, **REFUSED},
    summary="Add a file to what was begun",
)
def add_file(request: HttpRequest, submission_id: int, file: File[UploadedFile]) -> Any:
    """Add a file."""
    who = caller(request)
    row = submission_for(who.scope, submission_id)
    actions.add_file(row, Given(file=file), actor=who.user)
    return submission_for(who.scope, submission_id)


@router.post(
    "/submissions/{submission_id}/send",
    response={200: SubmissionOut, **REFUSED},
    summary="Send off what was begun, to be swept",
)
def send(request: HttpRequest, submission_id: int) -> Any:
    """Send it off; how far it is stands at its own address."""
    who = caller(request)
    actions.send(submission_for(who.scope, submission_id), actor=who.user)
    return submission_for(who.scope, submission_id)
