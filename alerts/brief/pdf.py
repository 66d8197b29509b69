"""A brief as PDF: tagged, with bookmarks and links, the same bytes for the same brief. The only door to typst.

Texts reach the template as data and are never read as markup. The template sees no file and no network.
"""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Literal, TypeAlias

import typst

from alerts.brief.blocks import Block, Document
from alerts.errors import AlertError

#: what the library brings along: Latin, Greek and Cyrillic
EMBEDDED = "Libertinus Serif"
#: families for everything else, where the system has them; the first that has a sign sets it
FALLBACKS = (
    "Noto Serif",
    "Noto Naskh Arabic",
    "Noto Sans Arabic",
    "Amiri",
    "Noto Serif CJK SC",
    "Noto Sans CJK SC",
    "Source Han Serif SC",
    "Noto Sans",
    "DejaVu Sans",
    "Arial Unicode MS",
    "Noto Sans Symbols2",
    "Noto Emoji",
)
INSTALL = "install fonts, for example: apt-get install fonts-noto-core fonts-noto-cjk"

PDFStandard: TypeAlias = Literal["ua-1"]

#: PDF for people who do not see it (ISO 14289-1); it demands that every sign can be shown
_ACCESSIBLE: PDFStandard = "ua-1"
_MISSING = re.compile(r"the text [`\"']+(.+?)[`\"']+ could not be displayed", re.DOTALL)
#: how the error writes what nobody would see, such as the joiner in an emoji of several people
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]{1,6})\}")
#: categories of Unicode: controls, format characters, marks
_NO_SIGNS = frozenset({"Cc", "Cf", "Mn", "Me"})
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Pdf:
    """A PDF, and what of it cannot be read.

    Attributes:
        accessible: it keeps PDF/UA-1; without, it is tagged all the same.
        missing: signs for which this machine has no font, a few of them; they are empty boxes in the PDF.
        warnings: other complaints, one line each.
    """

    content: bytes
    accessible: bool
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def pdf_of(document: Document, *, system_fonts: bool = True) -> Pdf:
    """The document as PDF.

    Args:
        document: what to set.
        system_fonts: fall back on the fonts of this machine for scripts that the embedded ones lack.

    Raises:
        AlertError: it cannot be set.
    """
    data = json.dumps(
        {**asdict(document), "blocks": [_block(block) for block in document.blocks]}, ensure_ascii=False
    )
    inputs = {"brief": data, "fonts": json.dumps(_fonts(system_fonts=system_fonts))}
    order = _Order(inputs, document.stamp_s, system_fonts=system_fonts)
    try:
        return _compiled(order, [_ACCESSIBLE])
    except typst.TypstError as error:
        refused = error
    try:
        made = _compiled(order, [])
    except typst.TypstError as error:
        raise AlertError(f"the PDF cannot be set: {error}") from error
    missing = _missing(refused)
    return replace(
        made, missing=missing, warnings=made.warnings if missing else (*made.warnings, refused.message)
    )


@dataclass(frozen=True, slots=True)
class _Order:
    """What is set, and with which clock and fonts."""

    inputs: dict[str, str]
    stamp_s: int
    system_fonts: bool


def _compiled(order: _Order, standards: list[PDFStandard]) -> Pdf:
    with tempfile.TemporaryDirectory(prefix="tipwatch-brief-") as empty:  # there is nothing in it to read
        compiler = typst.Compiler(
            _template(),
            root=empty,
            ignore_system_fonts=not order.system_fonts,
            sys_inputs=order.inputs,
            package_path=empty,
            package_cache_path=empty,
        )
        made, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=list(standards), timestamp=order.stamp_s, pdf_tags=True
        )
    if not isinstance(made, bytes):
        raise AlertError("the PDF cannot be set: nothing was made")
    return Pdf(made, bool(standards), warnings=tuple(warning.message for warning in warnings))


def _missing(error: typst.TypstError) -> tuple[str, ...]:
    """The signs that no font can show, as the error names them; marks that join or vary signs are none themselves."""
    found: Iterable[str] = _MISSING.findall(f"{error.message}\n{error.diagnostic}")
    signs = (sign for text in found for sign in _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text))
    shown = (sign for sign in signs if unicodedata.category(sign) not in _NO_SIGNS)
    return tuple(dict.fromkeys(shown))[:_MOST_NAMED]


def _block(block: Block) -> dict[str, object]:
    return {"kind": type(block).__name__, **asdict(block)}


def _fonts(*, system_fonts: bool) -> list[str]:
    """The embedded family and those fallbacks that are there: naming another would be a warning for each text."""
    return [EMBEDDED, *(name for name in FALLBACKS if system_fonts and name.lower() in _families())]


@lru_cache(maxsize=1)
def _families() -> frozenset[str]:
    return frozenset(name.lower() for name in typst.Fonts(include_embedded_fonts=False).families())


@lru_cache(maxsize=1)
def _template() -> bytes:
    return files("alerts").joinpath("templates/brief/brief.typ").read_bytes()
