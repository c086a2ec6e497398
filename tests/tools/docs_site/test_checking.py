"""What is wrong with a built page is seen."""

from pathlib import Path

from tools.docs_site.checking import faults


def test_links_that_lead_nowhere_and_what_is_loaded_from_elsewhere_are_named(
    tmp_path: Path,
) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/index.html").write_text('<h1 id="phần">x</h1>', "utf-8")
    (tmp_path / "a.html").write_text(
        '<link rel="stylesheet" href="no.css"><link rel="canonical" href="https://x.example/">'
        '<script src="https://cdn.example/x.js"></script><img src="data:image/png;base64,x">'
        '<a href="b/index.html#ph%E1%BA%A7n">1</a><a href="b/">2</a><a href="b/#no">3</a>'
        '<a href="no.html">4</a><a href="https://x.example/">5</a><a href="#no">6</a>',
        "utf-8",
    )
    assert faults(tmp_path) == [
        "a.html: loads https://cdn.example/x.js",
        "a.html: b/#no: no such heading",
        "a.html: no.html: no such file",
        "a.html: #no: no such heading",
        "a.html: no.css: no such file",
    ]
