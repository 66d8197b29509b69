"""Bytes -> text: the encoding a page is really in, and the one cleaning that every text field goes through."""

from __future__ import annotations

import codecs
import re
import unicodedata

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
#: labels that mean a superset on the web (WHATWG Encoding Standard, section 4.2)
_WEB_LABELS = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "tis-620": "cp874",
    "windows-874": "cp874",
}
#: tried when nothing is declared and the bytes are not UTF-8, by language of the source
_BY_LANGUAGE = {
    "ru": "cp1251",
    "be": "cp1251",
    "uk": "cp1251",
    "az": "cp1254",
    "tr": "cp1254",
    "ar": "cp1256",
    "zh": "gb18030",
}

#: codecs of Python's that call themselves encodings of text, are none of the web's, and raise whatever they are asked to bear
_NO_ENCODINGS = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"})

# C0 but \n and \t, DEL and C1, soft hyphen, zero-width space and BOM, surrogates, noncharacters, and the bidirectional
# embeddings, overrides and isolates that let a title pretend to be another one. LRM, RLM, ZWJ and ZWNJ belong to scripts.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff"
    + "".join(chr(plane * 0x10000 + low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
# a single plain space is left alone: most of a text would be "replaced" by itself
_SPACE = r"\t\u00a0\u2000-\u200a\u202f\u205f\u3000"
_SPACES = re.compile(f"[{_SPACE}][ {_SPACE}]*| [ {_SPACE}]+")
_BREAKS = re.compile(r"\s*\n\s*")


def decode(body: bytes, content_type: str | None, languages: tuple[str, ...] = ()) -> str:
    """The page as text; never fails: bytes that fit no encoding become U+FFFD.

    Order: byte order mark; UTF-8 that holds together (a wrong label loses against it); meta; header; the source's language.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    candidates = [
        *declared_encodings(body, content_type),
        *(_BY_LANGUAGE.get(code, "") for code in languages),
    ]
    known = [name for name in map(_codec, candidates) if name]
    for name in known:
        text = body.decode(name, "replace")
        if text.count("\ufffd") <= len(text) // 100:
            return text
    # nothing declared fits well: mostly-UTF-8 with a broken sequence is far commoner than an undeclared old encoding
    text = body.decode("utf-8", "replace")
    return text if text.count("\ufffd") <= len(text) // 50 else body.decode("cp1252", "replace")


def declared_encodings(body: bytes, content_type: str | None) -> list[str]:
    """Encoding labels as declared in XML declaration, meta and header, most telling first."""
    head = body[:4096]
    found = [
        match[1].decode("ascii", "ignore")
        for match in (_XML_ENCODING.search(head), _META_CHARSET.search(head))
        if match
    ]
    if header := _HEADER_CHARSET.search(content_type or ""):
        found.append(header[1])
    return found


def _codec(label: str) -> str | None:
    """The codec for a label; None when unknown or when it is UTF-8 (tried already) or no text encoding."""
    label = label.strip().lower()
    name = _WEB_LABELS.get(label, label)
    try:
        found = codecs.lookup(name).name
        # "hex", "zip" and their like are codecs too, but not of text
        b"a".decode(name)
    except (LookupError, ValueError, AssertionError, TypeError):
        return None
    return None if found == "utf-8" or found.replace("_", "-") in _NO_ENCODINGS else name


def clean_text(text: str) -> str:
    """Text fit to be kept: no control, bidirectional or invalid characters, NFC, single spaces, no blank lines."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = unicodedata.normalize("NFC", _wanted(text))
    return _BREAKS.sub("\n", _SPACES.sub(" ", text)).strip()


def clean_line(text: str) -> str:
    """As `clean_text`, on one line: for titles, names and dates."""
    text = " ".join(text.split())
    if text.isascii() and text.isprintable():
        return text
    # what is taken out may have stood between two spaces
    return " ".join(unicodedata.normalize("NFC", _wanted(text)).split())


def _wanted(text: str) -> str:
    """The text without unwanted characters; none of them counts as printable, and asking that is many times cheaper."""
    return text if text.replace("\n", " ").isprintable() else _UNWANTED.sub("", text)
