"""E1: no worker runs: what people do is done and says that it waits; then the work is taken up."""

from pathlib import Path
from typing import Any

import pytest

from quetsach_portal.intake.models import Submission
from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.roles import Role
from tests.portal.api.endpoints.test_intake import ask, hand_in
from tests.portal.api.endpoints.test_intake import text as text
from tests.portal.letters import staged
from tests.portal.mail.sink import running_sink
from tests.portal.reports.acting import signed
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db


def test_E1_without_a_worker_people_go_on_and_the_work_is_taken_up_later(
    world: Any, text: str, client_of: Any, settings: Any, tmp_path: Path
) -> None:
    staged.contact(world.units["TC01"], "xa1@huyen.example", person="Nguyễn Văn A")
    with running_sink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        letter = staged.released(world)
        number = hand_in(text, world.nodes["TC01"]).json()["id"]
        assert ask(text, f"/submissions/{number}/send", post=True).status_code == 200
        assert signed(world, "TC02").signed_at is not None
        waiting = set(Job.objects.filter(state="ready").values_list("kind", flat=True))
        assert waiting == {"mail.deliver", "files.check"}

        machines, office = client_of("TC01", Role.FOCAL_POINT), client_of("TC", Role.CLERK)
        for browser, page in (
            (machines, "/"),
            (machines, f"/evidence/{number}/"),
            (office, f"/letters/{letter.pk}/dispatch/"),
            (client_of("TC", Role.OPERATOR), "/oversight/jobs/"),
        ):
            assert browser.get(page).status_code == 200, page
        assert letter.state == "released"
        assert sink.recipients() == []

        run_ready()
        alerted = world.user("TC01", Role.FOCAL_POINT).email
        assert sorted(sink.recipients()) == [alerted, "xa1@huyen.example"]
    assert Submission.objects.get(pk=number).state == "done"
