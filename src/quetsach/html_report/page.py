"""The report as one HTML file: the answer first, then what to do, then the details."""

from collections.abc import Mapping
from contextvars import copy_context
from datetime import tzinfo
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from quetsach.html_report import cards, coverage, gaps, lists, steps, summary
from quetsach.html_report.exam_words import exam_sentences
from quetsach.html_report.template_code import TemplateCode
from quetsach.html_report.timeline import CoveredHours
from quetsach.html_report.words import number
from quetsach.texts import Language, _, use_language

CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""The page may load nothing and run nothing, whatever the evidence contains."""


def render(
    devices: Mapping[str, Any],
    coverage: Mapping[str, Any],
    rejects: Mapping[str, Any],
    manifest: Mapping[str, Any],
    language: Language,
    zone: tzinfo,
) -> str:
    """Return the findings as one self-contained page in `language`, with its times in `zone`.

    Shapes: the four mappings are devices.json, coverage.json, rejects.json and manifest.json.
    The same findings give the same page, byte for byte.
    """
    # A copy of the context, so that the caller's language stays what it was.
    found = {"devices": devices, "coverage": coverage, "rejects": rejects, "manifest": manifest}
    return copy_context().run(_render, found, language, zone)


def _render(findings: Mapping[str, Mapping[str, Any]], language: Language, zone: tzinfo) -> str:
    use_language(language)
    devices, sweep_summary = findings["devices"], findings["manifest"]["summary"]
    looked = cards.CardContext(
        CoveredHours(coverage.covered_hours(findings["coverage"], zone)),
        cards.alive_days(findings["coverage"], devices["devices"]),
        zone,
        cards.origins_of(findings["manifest"]),
    )
    return (
        page_templates()
        .get_template("page.html")
        .render(
            language=language,
            zone_name=str(zone),
            policy=CONTENT_POLICY,
            headline=summary.headline(devices, findings["coverage"], sweep_summary, zone),
            steps=steps.steps(devices, sweep_summary),
            cards=cards.cards(devices["devices"], looked),
            rest=cards.rest(devices["devices"], zone),
            not_blamed=gaps.not_blamed(devices, zone),
            unattributed=gaps.unattributed(devices),
            look=gaps.to_look_at(devices),
            lists=lists.lists(devices, findings["manifest"]),
            indicators=sweep_summary["indicators"],
            coverage=coverage.coverage_of(findings["coverage"], zone),
            blind_spots=gaps.blind_spots(findings["coverage"]),
            clocks=gaps.clocks_of(findings["coverage"]),
            unread=gaps.unread(findings["rejects"], sweep_summary),
            flaws=gaps.flaws_of(findings["coverage"], findings["manifest"]),
            exam=list(exam_sentences(sweep_summary["exam"])) if "exam" in sweep_summary else [],
            made=summary.summarise_run(findings["manifest"]),
        )
    )


def compile_templates() -> None:
    """Compile all templates now, so that no page waits for it; `make ready` does."""
    templates = page_templates()
    templates.bytecode_cache = TemplateCode(always=True)
    for name in templates.list_templates(extensions=["html"]):
        templates.get_template(name)


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
