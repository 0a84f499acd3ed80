"""The looks of cells: one fixed table of styles, so that a style is a number known beforehand."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

GENERAL, HEADER, DATE, SECOND, FINE, CLOCK, FINE_CLOCK = range(7)
_FIRST_SCALE = 7
MAX_SCALE = 15
_FIRST_FORMAT = 164  # lower numbers are Excel's own

_TEMPORAL = ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd hh:mm:ss.000", "hh:mm:ss")
_FORMATS = (
    *_TEMPORAL,
    "hh:mm:ss.000",
    "0",
    *(f"0.{'0' * scale}" for scale in range(1, MAX_SCALE + 1)),
)
_HEADER = '<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1"/>'  # noqa: E501 - one element


def number_style(scale: int) -> int:
    """Return the style of numbers with ``scale`` decimals, at most ``MAX_SCALE``."""
    return _FIRST_SCALE + min(scale, MAX_SCALE)


def styles_xml() -> str:
    """Return ``xl/styles.xml``."""
    formats = "".join(
        f'<numFmt numFmtId="{_FIRST_FORMAT + i}" formatCode={quoteattr(code)}/>'
        for i, code in enumerate(_FORMATS)
    )
    numbered = "".join(
        f'<xf numFmtId="{_FIRST_FORMAT + i}" fontId="0" fillId="0" borderId="0" xfId="0" '
        'applyNumberFormat="1"/>'
        for i in range(len(_FORMATS))
    )
    plain = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"'
    edges = "<left/><right/><top/>"
    return (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<numFmts count="{len(_FORMATS)}">{formats}</numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFE7ECF3"/></patternFill></fill>'
        f'</fills><borders count="2"><border>{edges}<bottom/><diagonal/></border>'
        f'<border>{edges}<bottom style="thin"><color rgb="FF8A94A6"/></bottom><diagonal/></border>'
        f'</borders><cellStyleXfs count="1">{plain}/></cellStyleXfs>'
        f'<cellXfs count="{2 + len(_FORMATS)}">{plain} xfId="0"/>{_HEADER}{numbered}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )
