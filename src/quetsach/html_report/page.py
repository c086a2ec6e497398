"""The report as one HTML file: the answer first, then what to do, then the details."""

from collections.abc import Iterable, Mapping
from contextvars import copy_context
from dataclasses import dataclass
from datetime import tzinfo
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from quetsach.html_report import cards, coverage, gaps, lists, steps, summary
from quetsach.html_report.clocks import clocks_of
from quetsach.html_report.exam_words import exam_sentences
from quetsach.html_report.limits import MOST_BYTES, PageLimits, are_large
from quetsach.html_report.template_code import TemplateCode
from quetsach.html_report.timeline import CoveredHours
from quetsach.html_report.words import number
from quetsach.texts import Language, _, use_language

CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""The page may load nothing and run nothing, whatever the evidence contains."""


@dataclass(frozen=True)
class ReportPage:
    """The page, and whether it has no room for all devices."""

    html: str
    is_cut: bool


def render(
    devices: Mapping[str, Any],
    coverage: Mapping[str, Any],
    rejects: Mapping[str, Any],
    manifest: Mapping[str, Any],
    language: Language,
    zone: tzinfo,
    table: str = "devices.json",
) -> ReportPage:
    """Return the findings as one self-contained page in `language`, with its times in `zone`.

    Shapes: the four mappings are devices.json, coverage.json, rejects.json and manifest.json.
    The same findings give the same page, byte for byte. Large ones are cut to MOST_BYTES: each
    part says how much it leaves out, and `table` is the file that has all devices.
    """
    findings = {"devices": devices, "coverage": coverage, "rejects": rejects, "manifest": manifest}
    # A copy of the context, so that the caller's language stays what it was.
    context = copy_context()
    if not are_large(findings):
        html = context.run(_render, findings, language, zone, PageLimits(table))
        if len(html.encode()) <= MOST_BYTES:
            return ReportPage(html, is_cut=False)
    html = context.run(_render, findings, language, zone, PageLimits.tight(table))
    return ReportPage(html, is_cut=True)


def _render(
    findings: Mapping[str, Mapping[str, Any]],
    language: Language,
    zone: tzinfo,
    limits: PageLimits,
) -> str:
    use_language(language)
    devices, sweep_summary = findings["devices"], findings["manifest"]["summary"]
    looked = cards.CardContext(
        CoveredHours(coverage.covered_hours(findings["coverage"], zone)),
        cards.alive_days(findings["coverage"], devices["devices"]),
        zone,
        cards.origins_of(findings["manifest"]),
        limits.card_findings,
    )
    shown = _fitting(cards.cards(devices["devices"], looked), limits)
    aside = limits.rows("not_blamed", devices["not_blamed"])
    return (
        page_templates()
        .get_template("page.html")
        .render(
            language=language,
            zone_name=str(zone),
            policy=CONTENT_POLICY,
            headline=summary.headline(devices, findings["coverage"], sweep_summary, zone),
            steps=steps.steps(devices, sweep_summary),
            cards=shown,
            rest=cards.rest(
                limits.rows("devices", devices["devices"][len(shown) :], 3), zone, len(shown)
            ),
            others=len(devices["devices"]) - len(shown),
            not_blamed=gaps.not_blamed({"not_blamed": aside}, zone),
            unattributed=limits.unattributed(gaps.unattributed(devices)),
            look=gaps.to_look_at(devices),
            lists=limits.lists(lists.lists(devices, findings["manifest"])),
            met=len(sweep_summary["indicators_hit"]),
            refused=len(findings["manifest"]["refusals"]),
            indicators=sweep_summary["indicators"],
            coverage=coverage.coverage_of(
                findings["coverage"], zone, lambda sources: limits.rows("sources", sources)
            ),
            blind_spots=limits.rows("spots", gaps.blind_spots(findings["coverage"])),
            unconfined=gaps.unconfined(findings["coverage"]),
            clocks=clocks_of(findings["coverage"]),
            unread=limits.unread(gaps.unread(findings["rejects"], sweep_summary)),
            flaws=gaps.flaws_of(findings["coverage"], findings["manifest"]),
            exam=list(exam_sentences(sweep_summary["exam"])) if "exam" in sweep_summary else [],
            made=limits.made(summary.summarise_run(findings["manifest"])),
            left_out=limits.left_out,
            table=limits.table,
        )
    )


def compile_templates() -> None:
    """Compile all templates now, so that no page waits for it; `make ready` does."""
    templates = page_templates()
    templates.bytecode_cache = TemplateCode(always=True)
    for name in templates.list_templates(extensions=["html"]):
        templates.get_template(name)


def _fitting(views: Iterable[cards.DeviceCard], limits: PageLimits) -> list[Markup]:
    """Return the cards as they are shown, as many as there is room for."""
    templates = page_templates()
    card, parts = templates.get_template("card.html"), templates.get_template("parts.html").module
    shown: list[Markup] = []
    size = 0
    for view in views:
        text = card.render(card=view, parts=parts)
        size += len(text.encode())
        if limits.card_bytes is not None and size > limits.card_bytes:
            break
        shown.append(Markup(text))  # noqa: S704 - a template of ours has escaped it
    return shown


@cache
def page_templates() -> Environment:
    """Return the templates of our pages, every value escaped."""
    # PackageLoader reads the templates from wherever the package was installed, a zip too.
    loader = PackageLoader("quetsach.html_report")
    templates = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=TemplateCode(),
    )
    style = loader.get_source(templates, "style.css")[0]
    templates.globals.update(_=_, style=Markup(style))  # noqa: S704 - our own file, no foreign text
    templates.filters["number"] = number
    return templates
