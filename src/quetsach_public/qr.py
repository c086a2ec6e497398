"""QR codes as part of a page: an inline picture without styles or scripts."""

import io
from html import escape

import segno

MOST_CHARACTERS = 1_000
"""Of more the modules get so small on a phone's screen that another phone no longer reads them."""


def qr_svg(text: str) -> str:
    """Return a QR code of `text` as an SVG element, dark on white with its quiet zone.

    Errors: ValueError for more than MOST_CHARACTERS.
    Cost: 5 to 30 ms; whoever offers it to strangers bounds how often.
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"a QR code of {len(text)} characters cannot be read from a screen")
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False, boost_error=False)
    code.save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=False,
        omitsize=True,
        light="#fff",
        dark="#000",
        svgclass="qr",
        lineclass=None,
        nl=False,
    )
    return out.getvalue().decode()


def labelled_qr(text: str, label: str) -> str:
    """Return the QR code of `text` as a part of a page.

    Shapes: `label` says what it is to whoever cannot see it.
    """
    return f'<div class="code" role="img" aria-label="{escape(label)}">{qr_svg(text)}</div>'
