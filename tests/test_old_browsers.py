"""What is shipped runs in browsers of the class of Firefox 78 and Chrome 80."""

import re
from pathlib import Path

import pytest

import quetsach_portal
from quetsach_public import pages

OF_OTHERS = {"bootstrap.css"}
"""Shipped as its makers give it; its own list of browsers names Chrome 60 and Firefox 60."""

PLANES = (Path(str(pages.__path__[0])) / "static", Path(quetsach_portal.__path__[0]))
SCRIPTS = sorted(found for plane in PLANES for found in plane.rglob("*.js"))
STYLES = sorted(
    found for plane in PLANES for found in plane.rglob("*.css") if found.name not in OF_OTHERS
)

TOO_NEW_SCRIPT = {
    "optional chaining (Firefox 74, but no ES2019)": r"\?\.(?!\d)",
    "nullish coalescing": r"\?\?",
    "logical assignment": r"(&&|\|\|)=",
    "big integers": r"\b\d+n\b",
    "dynamic import": r"\bimport\s*\(",
    "modules": r"^\s*(import|export)\b",
    "private fields": r"this\.#\w|^\s*#\w+\s*[=(]",
    "replaceAll": r"\.replaceAll\(",
    "matchAll of texts": r"(?<!clients)\.matchAll\(",
    ".at()": r"\.at\(",
    "findLast": r"\.findLast(Index)?\(",
    "copying array methods": r"\.(toSorted|toReversed|toSpliced)\(",
    "Object.hasOwn": r"\bObject\.(hasOwn|groupBy)\b",
    "Promise.any and allSettled": r"\bPromise\.(any|allSettled|withResolvers)\b",
    "structuredClone": r"\bstructuredClone\(",
    "globalThis": r"\bglobalThis\b",
    "numeric separators": r"\b\d+_\d",
    "replaceChildren": r"\.replaceChildren\(",
    "randomUUID": r"\.randomUUID\(",
    "AbortSignal.timeout": r"\bAbortSignal\.(timeout|any)\b",
    "blob.arrayBuffer, text, stream": r"\b(file|blob|one)\.(arrayBuffer|text|stream)\(\)",
    "lookbehind": r"\(\?<[=!]",
    "DecompressionStream": r"\bDecompressionStream\b",
    "regular expressions with d or v": r"/[gimsuy]*[dv][gimsuy]*[;,.)]",
}
TOO_NEW_STYLE = {
    ":has()": r":has\(",
    ":is() and :where()": r":(is|where)\(",
    "lists in :not()": r":not\([^()]*,",
    "nesting": r"[{;]\s*&",
    "layers, containers, scope": r"@(layer|container|scope|property|starting-style)\b",
    "aspect-ratio": r"[{;]\s*aspect-ratio\s*:",
    "inset as one": r"[{;]\s*inset-(inline|block)?\s*:",
    "accent-color": r"\baccent-color\s*:",
    "new units": r"\d(svh|lvh|dvh|svw|dvw|cqw|cqi|lh|rlh)\b",
    "new colours": r"\b(color-mix|oklch|oklab|lch|lab|light-dark|color)\(",
    "subgrid": r":\s*subgrid\b",
    "text-wrap": r"\btext-wrap\s*:",
    "ranges in media queries": r"@media[^{]*[<>]",
}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda one: one.name)
def test_W3_no_script_has_what_old_browsers_do_not_know(path: Path) -> None:
    assert too_new(path.read_text(encoding="utf-8"), TOO_NEW_SCRIPT) == []


@pytest.mark.parametrize("path", STYLES, ids=lambda one: one.name)
def test_W3_no_style_has_what_old_browsers_do_not_know(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert too_new(text, TOO_NEW_STYLE) == []
    # A rule with a selector that a browser does not know falls as a whole: it stands alone.
    assert all("," not in one for one in re.findall(r"[^{}]*:focus-visible[^{]*(?={)", text))


@pytest.mark.parametrize(
    "line",
    [
        *("a?.b", "x ?? y", "x ||= 1", "12n", "import('x')", "s.replaceAll('a', 'b')", "a.at(-1)"),
        *("Object.hasOwn(a, b)", "1_000", "file.arrayBuffer()", "/(?<=a)b/", "Promise.any([])"),
    ],
)
def test_the_list_finds_new_script(line: str) -> None:
    assert too_new(line, TOO_NEW_SCRIPT)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "a:has(b){}",
            "a:is(b,c){}",
            "a:not(b, c){}",
            "a{&:hover{}}",
            "@layer x{}",
            "a{aspect-ratio:1}",
        ),
        *("a{height:100dvh}", "a{color:color-mix(in srgb,red,blue)}", "@media (width<40rem){}"),
    ],
)
def test_the_list_finds_new_style(line: str) -> None:
    assert too_new(line, TOO_NEW_STYLE)


def test_a_new_rule_may_be_asked_for() -> None:
    asked = "@supports selector(:has(a)) { b:has(c) { top: 0; } } d { top: 0; }"
    assert too_new(asked, TOO_NEW_STYLE) == []
    assert too_new(asked + " e:has(f) { top: 0; }", TOO_NEW_STYLE) == [":has()"]


def test_there_is_something_to_look_at() -> None:
    assert {"portal.js", "upload.js"} <= {one.name for one in SCRIPTS}
    assert {"portal.css", "unit-picker.css"} <= {one.name for one in STYLES}
    for plane in PLANES:
        assert any(plane in one.parents for one in SCRIPTS)
        assert any(plane in one.parents for one in STYLES)


def too_new(text: str, known: dict[str, str]) -> list[str]:
    """Return what of `known` stands in `text`.

    Comments count for nothing, nor does a rule which a style asks for by `@supports`.
    """
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    bare = re.sub(r"(?m)(^|\s)//.*$", "", bare)
    bare = re.sub(r"@supports [^{]*\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}", "", bare)
    return [name for name, pattern in known.items() if re.search(pattern, bare, re.MULTILINE)]
