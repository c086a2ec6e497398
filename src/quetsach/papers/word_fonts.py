"""Which runs of a Word document are set in a font of before Unicode, and what they then say."""

from typing import Any

from quetsach.papers.old_fonts import from_tcvn3, from_vni

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_STYLES = 32


class Fonts:
    """The fonts of the styles; tells what a run's letters mean in its font.

    Source: the fonts' own names: ".VnTime" and its kin hold TCVN3, those on H only capitals;
    "VNI-Times" and its kin hold VNI.
    """

    def __init__(self, styles: Any | None) -> None:
        self._fonts: dict[str, str] = {}
        self._parents: dict[str, str] = {}
        self._default = ""
        for style in () if styles is None else styles.iter(f"{_W}style"):
            name = style.get(f"{_W}styleId", "")
            self._fonts[name] = font_of(style.find(f"{_W}rPr"))
            parent = style.find(f"{_W}basedOn")
            self._parents[name] = "" if parent is None else parent.get(f"{_W}val", "")
            if style.get(f"{_W}default") == "1" and style.get(f"{_W}type") == "paragraph":
                self._default = name
        defaults = (
            None if styles is None else styles.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr")
        )
        self._last = font_of(defaults)
        self._any = any(map(_is_old, (*self._fonts.values(), self._last)))

    def reading(self, text: str, own: Any | None, style: str) -> str:
        """Return what `text` says; `own` are the run's properties, `style` its paragraph's."""
        font = font_of(own)
        if not font and self._any:
            chosen = None if own is None else own.find(f"{_W}rStyle")
            named = "" if chosen is None else chosen.get(f"{_W}val", "")
            font = self._styled(named) or self._styled(style or self._default) or self._last
        if not _is_old(font) or text.isascii():
            return text
        if font.lower().startswith("vni"):
            return from_vni(text)
        turned = from_tcvn3(text)
        return turned.upper() if font.endswith("H") else turned

    def _styled(self, name: str) -> str:
        for _ in range(_MOST_STYLES):
            if self._fonts.get(name):
                return self._fonts[name]
            name = self._parents.get(name, "")
        return ""


def font_of(properties: Any | None) -> str:
    """Return the font of Latin letters that run properties name, "" if none."""
    fonts = None if properties is None else properties.find(f"{_W}rFonts")
    if fonts is None:
        return ""
    return str(fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi") or "")


def _is_old(font: str) -> bool:
    return font.lower().startswith((".vn", "vni-"))
