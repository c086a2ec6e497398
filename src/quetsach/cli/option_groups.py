"""Options that belong together, for the commands that take them as one."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from quetsach.cli import terminal as shared


def traced_in(evidence_help: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what adds the logs that are traced in, the own tables and the zone.

    The command gets them under the names that `trace_request` takes.
    """

    def added(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def with_plans(plan: Any, **options: Any) -> Any:
            return command(plans=plan, **options)

        with_options = shared.own_tables(shared.zone(with_plans))
        return click.option(
            *("-e", "--evidence"),
            multiple=True,
            type=shared.EVIDENCE,
            required=True,
            help=evidence_help,
        )(with_options)

    return added


def told_to_others(
    *, machines: str, audience: str, source: str
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what adds the options of all that leaves the office: machines, audience, its name.

    Shapes: all three are the texts of the help.
    """
    audiences = click.Choice(["owner", "organisation", "clients", "community", "public"])

    def added(command: Callable[..., Any]) -> Callable[..., Any]:
        with_source = click.option("--as", "source", metavar="NAME", help=source)(command)
        with_audience = click.option("--for", "audience", type=audiences, help=audience)(
            with_source
        )
        return click.option("--with-machines", is_flag=True, help=machines)(with_audience)

    return added
