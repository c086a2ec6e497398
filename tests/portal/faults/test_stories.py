"""No kind of job is forgotten: it is tried under faults, or left out with a reason."""

from quetsach_portal.config.jobs import HANDLERS
from tests.portal.faults.stories import JOBS, KINDS, LEFT_OUT


def test_each_kind_of_job_is_tried_or_left_out_with_a_reason() -> None:
    assert set(KINDS) | set(LEFT_OUT) == set(HANDLERS)
    assert not set(KINDS) & set(LEFT_OUT)
    assert set(KINDS.values()) == set(JOBS)
