"""The tree: each source file has its tests, the pages tell the truth, and no machine shows."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/quetsach"
TESTS = ROOT / "tests"

PLAIN_VALUES = (
    "api/here.py",
    "blocking/contract.py",
    "documents/handouts/values.py",
    "documents/sheet_values.py",
    "evidence/member.py",
    "avreport/message.py",
    "attribute/clues.py",
    "attribute/attribution.py",
    "attribute/model.py",
    "attribute/surroundings.py",
    "formats/contract.py",
    "forms/figure.py",
    "indicators/forms/contract.py",
    "indicators/model.py",
    "inventory/model.py",
    "letters/model.py",
    "notices/model.py",
    "notices/world.py",
    "verdicts/model.py",
    "indicators/forms/passage.py",
    "papers/contract.py",
    "sandbox/contract.py",
    "sieve/contract.py",
    "signing/pades/state.py",
    "signing/pades/words.py",
)
"""Source files in which nothing can go wrong: values and protocols."""

TESTED_IN: dict[str, str] = {
    # By signed files, from the certificate to the verdict.
    "cli/report_sign.py": "cli/test_report_pdf.py",
    "cli/report_verify_pdf.py": "cli/test_report_pdf.py",
    "documents/workbook_checks.py": "documents/test_workbook.py",
    "documents/workbook_head.py": "documents/test_workbook.py",
    "documents/workbook_in.py": "documents/test_workbook.py",
    "documents/workbook_layout.py": "documents/test_workbook.py",
    "signing/pades/known.py": "signing/pades/test_verify.py",
    "signing/pades/opened.py": "signing/pades/test_verify.py",
    "signing/pades/sign.py": "signing/pades/test_keys.py",
    "signing/pades/trust.py": "signing/pades/test_verify.py",
    "signing/pades/unchanged.py": "signing/pades/test_verify.py",
    # By whole files and findings.
    "api/avreports.py": "run/test_avreport.py",
    "api/fetching.py": "cli/indicators/test_fetch.py",
    "api/handouts.py": "documents/handouts/test_setting.py",
    "api/judging.py": "run/test_verdicts.py",
    "api/signing.py": "run/test_release_facts.py",
    "attribute/own_devices.py": "attribute/test_identity.py",
    # By whole inventories, row by row.
    "inventory/doubles.py": "inventory/test_read.py",
    "inventory/lookup.py": "inventory/test_read.py",
    "inventory/machines.py": "inventory/test_read.py",
    "inventory/problems.py": "inventory/test_read.py",
    "inventory/sections.py": "inventory/test_read.py",
    "papers/merged.py": "inventory/test_read.py",
    # What every output promises is asked of every output.
    "attribute/deciding.py": "attribute/test_lease_oracle.py",
    "attribute/lease_notes.py": "attribute/test_lease_history.py",
    "attribute/lease_runs.py": "attribute/test_lease_oracle.py",
    "attribute/lease_window.py": "attribute/test_lease_oracle.py",
    "attribute/record_notes.py": "attribute/test_lease_history.py",
    "attribute/timeline.py": "attribute/test_lease_oracle.py",
    "attribute/translation_rows.py": "attribute/test_translation_oracle.py",
    "blocking/outputs/": "blocking/test_every_output.py",
    # By papers of the Party.
    "documents/heading.py": "documents/test_party.py",
    "documents/house.py": "documents/test_party.py",
    # By whole letters.
    "letters/body.py": "letters/test_read.py",
    # Each sentence of the one catalogue is asked.
    "problems/": "test_errors.py",
    "blocking/parts.py": "blocking/test_every_output.py",
    "cli/avreport/group.py": "cli/test_main.py",
    "cli/indicators/group.py": "cli/test_main.py",
    "cli/lazy.py": "cli/test_main.py",
    "cli/manage.py": "cli/test_portal.py",
    "cli/serve.py": "cli/test_portal.py",
    "cli/options.py": "cli/indicators/test_check.py",
    "cli/letter/group.py": "cli/test_main.py",
    "cli/letter/summary.py": "cli/letter/test_read.py",
    "cli/report_fill.py": "cli/test_report.py",
    "cli/verdict_text.py": "cli/test_verdict.py",
    "cli/words.py": "cli/test_sweep_text.py",
    "cli/wrapping.py": "cli/test_sweep_text.py",
    # The district is written by all of them, and its files are read back and held against it.
    "decoding.py": "indicators/test_read.py",
    "demo/": "demo/test_truth.py",
    "documents/decree30.py": "documents/test_layout_check.py",
    "documents/docx_blocks.py": "documents/test_docx.py",
    "documents/form_paper.py": "documents/test_fill.py",
    "documents/handouts/faces.py": "documents/handouts/test_setting.py",
    "documents/official_words.py": "documents/test_official_figures.py",
    "documents/paper.py": "documents/test_fill.py",
    "documents/paper_lines.py": "documents/test_letter_paper.py",
    "documents/word_xml.py": "documents/test_docx.py",
    "documents/wording.py": "documents/test_assessment.py",
    "findings/shape.py": "findings/test_examine.py",
    "formats/cisco_messages.py": "formats/test_cisco_asa.py",
    "formats/eve_sections.py": "formats/test_suricata_eve.py",
    "formats/json_lines.py": "formats/test_every_format.py",
    "formats/port_block_words.py": "formats/test_port_blocks.py",
    "formats/registry.py": "formats/test_every_format.py",
    "formats/unknown_lines.py": "formats/test_text.py",
    # By their samples: every row that is expected of them stands beside.
    "formats/zeek_fields.py": "formats/test_every_format.py",
    "formats/zeek_json.py": "formats/test_every_format.py",
    # What a form, a figure, a version is made of, is tested by what is done with it.
    "forms/canonical.py": "forms/test_version.py",
    "forms/definition.py": "forms/test_reading.py",
    "forms/flaws.py": "forms/test_reading.py",
    "forms/own.py": "forms/test_checks.py",
    "forms/proof_lines.py": "forms/test_proof.py",
    "forms/proving.py": "forms/test_proof.py",
    "forms/told_apart.py": "forms/test_distinct.py",
    "forms/totals.py": "forms/test_adding.py",
    "forms/value_json.py": "forms/test_version.py",
    "forms/values.py": "forms/test_adding.py",
    "indicators/forms/csv_table.py": "indicators/test_read.py",
    "indicators/bulk.py": "indicators/forms/test_bulk_rows.py",
    "indicators/decision.py": "indicators/test_release.py",
    "indicators/defang.py": "indicators/test_parse_value.py",
    "indicators/forms/hosts.py": "indicators/test_read.py",
    "indicators/listed.py": "indicators/forms/test_bulk_rows.py",
    "indicators/options.py": "indicators/test_parse_value.py",
    "indicators/forms/misp_attribute.py": "indicators/forms/test_misp_event.py",
    "indicators/forms/plain.py": "indicators/test_read.py",
    "indicators/forms/release.py": "indicators/test_release.py",
    "indicators/prefixes.py": "indicators/test_lookup.py",
    "indicators/forms/registry.py": "indicators/test_read.py",
    "indicators/forms/rows.py": "indicators/test_read.py",
    # By their samples: every field that is expected of them stands beside.
    "letters/english.py": "letters/test_read.py",
    "letters/kinds.py": "letters/test_head.py",
    "letters/looks.py": "letters/test_read.py",
    "letters/sentences.py": "letters/test_tasks.py",
    "letters/task_kinds.py": "letters/test_tasks.py",
    "letters/who.py": "letters/test_tasks.py",
    # One judgement, made by all of them together.
    "notices/by_contact.py": "notices/test_trace.py",
    "notices/by_translation.py": "notices/test_trace.py",
    "notices/found.py": "notices/test_trace.py",
    "notices/nothing.py": "notices/test_trace.py",
    "notices/said.py": "notices/test_trace.py",
    "notices/forms/": "notices/test_read.py",
    "notices/as_json.py": "run/test_trace.py",
    "cli/trace_text.py": "cli/test_trace.py",
    "papers/compound.py": "papers/test_refused.py",
    "papers/gather.py": "papers/test_read.py",
    "papers/parts.py": "papers/test_archive.py",
    "papers/pdf_page.py": "papers/test_pdf.py",
    "papers/picture.py": "papers/test_ocr.py",
    "papers/safe_xml.py": "papers/test_word.py",
    "papers/web_text.py": "papers/test_web.py",
    "papers/word_fonts.py": "papers/test_word.py",
    "papers/word_text.py": "papers/test_word.py",
    "indicators/forms/stix_bundle.py": "indicators/forms/test_stix.py",
    "indicators/release_lines.py": "indicators/test_release.py",
    "match/grades.py": "match/test_hits.py",
    "match/meeting.py": "match/test_oracle.py",
    "match/mentions.py": "match/test_oracle.py",
    # One page, of which each part is asked for by what it must say.
    "report/": "report/test_sections.py",
    "run/open_list.py": "portal/publishing/test_open_list.py",
    "run/letters.py": "api/test_letters.py",
    "run/conversion.py": "cli/indicators/test_convert.py",
    "run/decisions.py": "cli/indicators/test_decide.py",
    "run/hindsight.py": "cli/indicators/test_withdrawn.py",
    "run/lists.py": "cli/indicators/test_check.py",
    "pipeline/counts.py": "pipeline/test_scan.py",
    "pipeline/wanted.py": "pipeline/test_scan.py",
    # A whole district: its logs, its tables, its notices, held against its truth.
    "run/picture.py": "run/test_district.py",
    "run/proof.py": "cli/test_report_verify.py",
    "run/typed.py": "api/test_sweeps.py",
    "run/world.py": "run/test_district.py",
    "sieve/tokens.py": "sieve/test_twin.py",
    # What they say is what a verdict says.
    "verdicts/evidence.py": "run/test_verdicts.py",
    "verdicts/history.py": "verdicts/test_judge.py",
    "verdicts/sentences.py": "verdicts/test_judge.py",
    "verdicts/window.py": "verdicts/test_judge.py",
}
"""Source files, or folders with their closing slash, whose promises are tested elsewhere: where."""

REGISTRIES = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("crates", "io"),
    ("npmjs", "org"),
    ("maven", "org"),
    ("golang", "org"),
    ("deb", "debian", "org"),
)
MACHINE_PATH = re.compile(rb"(?<![\w./%-])/(?:root|work|workspace|Users|builds)/")


def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: there is no list of the files that belong to the tree")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def pages() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


def promised_in(inner: Path) -> Path:
    """Return the test file of a source file: its own, unless TESTED_IN names another."""
    for place in (inner.as_posix(), f"{inner.parent.as_posix()}/"):
        if place in TESTED_IN:
            return TESTS / TESTED_IN[place]
    return TESTS / inner.parent / f"test_{inner.name}"


def test_each_source_file_has_its_test_file() -> None:
    inner = [path.relative_to(SOURCE) for path in sorted(SOURCE.rglob("*.py"))]
    missing = [
        f"{one} -> {promised_in(one).relative_to(ROOT)}"
        for one in inner
        if one.name not in ("__init__.py", "__main__.py")
        and one.as_posix() not in PLAIN_VALUES
        and not promised_in(one).is_file()
    ]
    assert missing == []


def test_each_exemption_is_still_needed() -> None:
    for name in (*PLAIN_VALUES, *TESTED_IN):
        assert (SOURCE / name).exists(), name
        assert not (TESTS / name).with_name(f"test_{Path(name).name}").is_file(), name


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()!r}"
        for path in tracked()
        for match in MACHINE_PATH.finditer(path.read_bytes())
    ]
    assert found == []


def test_no_file_names_the_host_of_a_package_registry() -> None:
    hosts = [".".join(parts).encode() for parts in REGISTRIES]
    found = [
        f"{path.relative_to(ROOT)}: {host!r}"
        for path in tracked()
        # Cargo writes the name of its index into each lock, whatever it fetched from.
        if path.name != "Cargo.lock"
        for host in hosts
        if host in path.read_bytes()
    ]
    assert found == []


def test_the_locks_hold_hashes_and_no_address() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text


def test_the_locks_hold_every_dependency_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = {
        "base": project["dependencies"],
        "dev": project["dependencies"] + extras["dev"],
        "spark": project["dependencies"] + extras["dev"] + extras["spark"],
    }
    for name, dependencies in wanted.items():
        text = (ROOT / f"requirements/{name}.txt").read_text()
        locked = set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))
        asked = {re.split(r"[^A-Za-z0-9_.-]", one)[0].lower() for one in dependencies}
        assert asked <= locked, name


def test_pages_name_only_targets_that_the_makefile_has() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in pages():
        named = re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(), re.MULTILINE)
        assert set(named) <= targets, page.name


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages()
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


def test_ci_runs_what_everyone_runs() -> None:
    script = (ROOT / ".ci/run").read_text().splitlines()
    commands = [line for line in script if line and not line.startswith("#")]
    assert commands == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "make test"]


def test_every_decision_stands_in_their_list() -> None:
    folder = ROOT / "docs/decisions"
    listed = re.findall(r"\]\((\d{4}-[^)]+\.md)\)", (folder / "README.md").read_text())
    assert listed == sorted(path.name for path in folder.glob("[0-9]*.md"))
