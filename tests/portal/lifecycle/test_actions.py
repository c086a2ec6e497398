"""What a campaign's start, closing and archive do: as the table of steps says, all or nothing."""

import ast
import inspect
from collections.abc import Callable
from importlib.util import find_spec

import pytest

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.actions import state
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.config.settings import PORTAL_APPS
from quetsach_portal.lifecycle import actions
from quetsach_portal.reports.models.report import CampaignForm, CampaignSalt
from tests.portal.campaigns.acting import owner, prepared, rehearsed, second_owner
from tests.portal.world import World, make_world

pytestmark = pytest.mark.django_db


def called_in(act: Callable[..., object]) -> list[object]:
    """Return the functions of lifecycle's steps that `act` calls, in the order of its source."""
    steps = {step.function for step in actions.LIFECYCLE_STEPS}
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(act))) if _is_call(node)]
    calls.sort(key=lambda call: (call.end_lineno, call.end_col_offset))
    called = [getattr(actions, call.func.id, None) for call in calls]
    return [function for function in called if function in steps]


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


@pytest.mark.parametrize("name", ["start", "begin_closing", "close", "archive", "purge"])
def test_the_table_names_the_steps_of_each_act_in_their_order(name: str) -> None:
    expected = [step.function for step in actions.LIFECYCLE_STEPS if step.act == name]
    assert called_in(getattr(actions, name)) == expected


def test_every_app_with_a_purge_is_called() -> None:
    apps = {app for app in PORTAL_APPS if find_spec(f"{app}.retention") is not None}
    steps = [step for step in actions.LIFECYCLE_STEPS if step.act == "purge"]
    assert {step.function.__module__ for step in steps} == {f"{app}.retention" for app in apps}


def test_a_start_keeps_the_form_and_makes_the_secret() -> None:
    world = make_world(live=False)
    campaign = ready(world)
    assert not CampaignForm.objects.filter(campaign=campaign).exists()
    actions.start(campaign, actor=second_owner(world))
    assert CampaignForm.objects.get(campaign=campaign).phase is None
    assert len(CampaignSalt.objects.get(campaign=campaign).salt) == 32


@pytest.mark.asvs("V2.3.3", "V16.5.3")
def test_a_start_that_fails_at_its_last_step_leaves_nothing_behind() -> None:
    world = make_world(live=False)
    campaign = ready(world)
    Campaign.objects.filter(pk=campaign.pk).update(form_code="no-such-form")
    with pytest.raises(Exception, match="no-such-form"):
        actions.start(campaign, actor=second_owner(world))
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.READY
    assert not AuditEvent.objects.filter(action="campaign.started").exists()


def ready(world: World) -> Campaign:
    """Return a campaign whose start one owner has asked for."""
    campaign = prepared(world)
    rehearsed(world, campaign)
    state.request_start(campaign, actor=owner(world))
    campaign.refresh_from_db()
    return campaign
