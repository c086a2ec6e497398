"""Calls that would let a text of strangers act stand nowhere in the source but where named."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import quetsach
import quetsach_portal
import quetsach_public

SOURCES = tuple(Path(str(one.__path__[0])) for one in (quetsach, quetsach_portal, quetsach_public))
ROOT = SOURCES[0].parent
PLANES = ("quetsach_portal", "quetsach_public")
"""What answers requests."""


@cache
def _texts() -> tuple[tuple[str, str], ...]:
    paths = sorted(path for folder in SOURCES for path in folder.rglob("*.py"))
    return tuple((path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in paths)


@cache
def _tree(text: str) -> ast.Module:
    return ast.parse(text)


def trees(pattern: str, *within: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the files in which `pattern` stands at all; only these are worth a parser."""
    wanted = re.compile(pattern)
    for place, text in _texts():
        if place.startswith(within or ("",)) and wanted.search(text):
            yield place, _tree(text)


def calls(pattern: str, *within: str) -> Iterator[tuple[str, ast.Call, str]]:
    """Yield the calls in such files, with the file and the words of what is called."""
    for place, tree in trees(pattern, *within):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield place, node, _dotted(node.func)


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def imported(*modules: str) -> set[str]:
    """Return the files that import one of `modules`."""
    files = set()
    for place, tree in trees(rf"\b(import|from) ({'|'.join(map(re.escape, modules))})\b"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            else:
                continue
            if any(name == one or name.startswith(f"{one}.") for name in names for one in modules):
                files.add(place)
    return files


def test_the_walk_sees_the_source() -> None:
    assert len(_texts()) > 500
    assert imported("ast", "json") & {place for place, _text in _texts()}
    assert any(name == "json.dumps" for _place, _call, name in calls(r"json\.dumps"))


def test_no_module_of_ours_is_looked_for_in_the_current_folder() -> None:
    """`-m` alone looks there first, and whoever handed in evidence may have filled it."""
    words = [(place, *re.findall(r'(?:"-[A-Z]",\s+)*"-m"', text)) for place, text in _texts()]
    starts = [(place, found) for place, *all_found in words for found in all_found]
    assert len(starts) > 8
    assert [place for place, found in starts if "-P" not in found and "-I" not in found] == []


@pytest.mark.asvs("V1.2.5")
def test_no_program_is_started_through_a_shell() -> None:
    through_a_shell = {
        "os.system",
        "os.popen",
        "subprocess.getoutput",
        "subprocess.getstatusoutput",
    }
    for place, call, name in calls(r"system|popen|getoutput|shell="):
        assert name not in through_a_shell, place
        assert not any(keyword.arg == "shell" for keyword in call.keywords), place


@pytest.mark.asvs("V1.3.2")
def test_no_text_is_run_as_code() -> None:
    allowed = {"quetsach/late_dataclasses.py"}  # texts of its own: methods written at import
    found = {
        place
        for place, _call, name in calls(r"(eval|exec|compile)\(")
        if name in ("eval", "exec", "compile")
    }
    assert found <= allowed


@pytest.mark.asvs("V1.5.2")
def test_objects_are_read_of_no_format_that_makes_them_by_itself() -> None:
    # Pieces of Python's own work, between processes of one run or in a file of its own making.
    allowed = {
        "quetsach/html_report/template_code.py",
        "quetsach/sweeping/cluster_tasks.py",
        "quetsach/sweeping/spark.py",
    }
    # YAML as strings, lists and mappings alone.
    plain = {"quetsach/indicators/formats/strict_yaml.py"}
    assert imported("pickle", "dill", "cloudpickle", "shelve", "jsonpickle") <= allowed
    assert imported("yaml") <= plain
    strict = (ROOT / "quetsach/indicators/formats/strict_yaml.py").read_text("utf-8")
    assert re.findall(r"yaml\.\w*Loader", strict) == ["yaml.BaseLoader"]
    assert not imported("marshal") - allowed


@pytest.mark.asvs("V1.2.7")
def test_paths_through_xml_are_made_of_constants() -> None:
    for place, call, name in calls(r"(find|xpath)\w*\(f"):
        if name.rpartition(".")[2] in ("find", "findall", "iterfind", "findtext", "xpath"):
            for part in ast.walk(call.args[0]) if call.args else ():
                if isinstance(part, ast.FormattedValue):
                    words = ast.unparse(part.value)
                    assert words.isupper() or words == "name", f"{place}: {words}"


@pytest.mark.asvs("V1.2.4")
def test_statements_to_the_database_are_built_of_names_of_tables_alone() -> None:
    # Each builds a statement of names that the program or the database itself gives.
    allowed = {
        "quetsach_portal/campaigns/tree/freezing.py",
        "quetsach_portal/config/empty_database.py",
        "quetsach_portal/demo_district/load.py",
        "quetsach_portal/web/compiled_queries.py",
    }
    for place, call, name in calls(r"execute|RawSQL|\.raw\(|\.extra\(", *PLANES):
        last = name.rpartition(".")[2]
        assert last not in ("RawSQL", "executescript"), place
        assert not name.endswith((".objects.raw", ".extra")), place
        if last in ("execute", "executemany") and call.args:
            is_ours = place in allowed or "/migrations/" in place or "/backup/" in place
            constant = isinstance(call.args[0], ast.Constant)
            assert constant or is_ours, f"{place}: {ast.unparse(call)}"


@pytest.mark.asvs("V1.2.9")
def test_patterns_of_both_planes_are_built_of_constants() -> None:
    # What stands in their patterns beside constants has passed re.escape.
    escaping = {
        "quetsach_portal/letters/addressing.py",
        "quetsach_portal/lifecycle/persons/naming.py",
    }
    for place, call, name in calls(r"\bre\.\w+\(", *PLANES):
        if name not in {f"re.{one}" for one in ("compile", "search", "match", "fullmatch", "sub")}:
            continue
        for part in ast.walk(call.args[0]):
            if isinstance(part, ast.Name) and place not in escaping:
                assert part.id.isupper() or part.id in ("sorted", "len"), f"{place}: {part.id}"


@pytest.mark.asvs("V1.3.7", "V1.3.10")
def test_templates_and_formats_come_from_the_program() -> None:
    for place, call, name in calls(r"from_string|\.format\(|format_map|Template\(", *PLANES):
        last = name.rpartition(".")[2]
        assert last not in ("from_string", "format_map"), place
        assert name not in ("template.Template", "engines.get_default"), place
        if last == "format" and isinstance(call.func, ast.Attribute):
            # Words of the program, by their key: never a field of a request or of a row.
            source = ast.unparse(call.func.value)
            assert "request" not in source, f"{place}: {source}"
            assert "cleaned_data" not in source, f"{place}: {source}"


@pytest.mark.asvs("V11.4.1")
def test_broken_hash_functions_name_files_and_prove_nothing() -> None:
    for place, call, name in calls(r"hashlib\.(md5|sha1|new)"):
        if name in ("hashlib.md5", "hashlib.sha1", "hashlib.new"):
            assert any(
                keyword.arg == "usedforsecurity" and ast.unparse(keyword.value) == "False"
                for keyword in call.keywords
            ), place


@pytest.mark.asvs("V11.2.1", "V11.3.1", "V11.3.2")
def test_ciphers_come_from_one_library_and_are_authenticated() -> None:
    assert not imported("Crypto", "Cryptodome", "nacl", "rsa", "ecdsa", "pyaes")
    weak = {"ECB", "CBC", "CTR", "OFB", "CFB", "ARC4", "TripleDES", "Blowfish"}
    for place, tree in trees("|".join(rf"\b{name}\b" for name in weak)):
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not names & weak, place
    ciphers = {
        alias.name
        for _place, tree in trees("ciphers.aead|fernet")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module in ("cryptography.hazmat.primitives.ciphers.aead", "cryptography.fernet")
        for alias in node.names
    }
    assert ciphers == {"AESGCM", "AESSIV", "Fernet", "InvalidToken"}
    assert not imported("cryptography.hazmat.primitives.ciphers.modes")
    padded = {place for place, _call, name in calls("PKCS1v15") if name.endswith("PKCS1v15")}
    assert padded == {"quetsach/signing/pades/remote.py"}  # signatures of other systems, read


@pytest.mark.asvs("V6.5.3", "V11.5.1")
def test_what_nobody_may_guess_is_drawn_by_the_system_and_long() -> None:
    # Waits that differ, and a made-up district.
    assert imported("random") <= {
        "quetsach/demo/plan.py",
        "quetsach/demo/times.py",
        "quetsach_portal/jobs/worker.py",
    }
    for place, call, name in calls(r"token_\w+\(", "quetsach_portal"):
        if name.rpartition(".")[2] in ("token_urlsafe", "token_hex", "token_bytes"):
            size = ast.literal_eval(call.args[0]) if _is_number(call) else 32
            assert size >= 16 or place in NAMES_OF_FILES, f"{place}: {ast.unparse(call)}"


NAMES_OF_FILES = {
    "quetsach_portal/cases/attaching.py",
    "quetsach_portal/intake/folders.py",
    "quetsach_portal/intake/prints.py",
    "quetsach_portal/operations/backup/restoring.py",
    "quetsach_portal/jobs/worker.py",
    "quetsach_portal/operations/backup/writing.py",
    "quetsach_portal/publishing/counts.py",
    "quetsach_portal/publishing/writing.py",
    "quetsach_portal/rehearsals/homes.py",
}
"""Their tokens keep two drafts of a file, or two workers, apart, and open nothing."""


def _is_number(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant)


@pytest.mark.asvs("V15.2.3")
def test_what_is_installed_knows_no_tests() -> None:
    assert not imported("pytest", "hypothesis", "unittest", "tests")
    assert not [place for place, _text in _texts() if Path(place).name.startswith("test_")]


@pytest.mark.asvs("V12.3.2")
def test_no_client_leaves_a_certificate_unverified() -> None:
    for place, tree in trees(r"\bssl\b|verify=|check_hostname"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("CERT_NONE", "_create_unverified_context"), place
            if isinstance(node, ast.Assign) and "check_hostname" in ast.unparse(node.targets[0]):
                raise AssertionError(place)
            if isinstance(node, ast.keyword) and node.arg == "verify":
                assert ast.unparse(node.value) != "False", place


@pytest.mark.asvs("V1.4.1")
def test_unsafe_code_of_the_kernel_stands_in_few_files() -> None:
    kernel = Path(__file__).parents[1] / "kernel"
    sources = [path for path in kernel.rglob("*.rs") if "target" not in path.parts]
    found = {
        path.relative_to(kernel).as_posix()
        for path in sources
        if any(mark in path.read_text("utf-8") for mark in ("unsafe {", "unsafe fn", "unsafe impl"))
    }
    assert len(sources) > 10
    assert found <= UNSAFE


UNSAFE = {
    "python/src/lib.rs",  # the bytes of a Python buffer, as a slice
    "sieve/src/image.rs",  # a compiled set, mapped into memory
    "sieve/src/simd/avx2.rs",
    "sieve/src/simd/avx512.rs",
    "sieve/src/simd/mod.rs",
    "sieve/src/simd/quads.rs",
}


@pytest.mark.asvs("V3.2.2", "V3.5.5", "V15.3.6")
def test_scripts_write_text_as_text_and_listen_to_their_own_alone() -> None:
    scripts = {path for folder in SOURCES[1:] for path in folder.rglob("*.js")}
    assert len(scripts) > 10
    for path in scripts:
        text = path.read_text("utf-8")
        for way in ("insertAdjacentHTML", "outerHTML", "document.write", "eval(", "new Function"):
            assert way not in text, path
        # A part of a page of our own is taken over as the server wrote it.
        if path.name not in ("portal.js", "live.js"):
            assert "innerHTML" not in text, path
        # Only a worker's own pages reach a worker, and only our own worker a page.
        assert 'window.addEventListener("message"' not in text, path
        assert "__proto__" not in text, path
