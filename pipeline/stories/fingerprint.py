"""The fingerprint of a text: a hash that says "the same", and a MinHash signature that says "how alike"."""

from __future__ import annotations

import re
import struct
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice

from rensa import RMinHash

_PERMUTATIONS = 128
#: 32 bands of 4: of pairs that share half their shingles 87 % meet in some band, of those that share 0.7 all
#: do (1 - (1 - s^4)^32); of pairs that share a tenth, 0.3 %
_ROWS = 4
_SEED = 20231111

#: with fewer tokens the text alone says too little ("Subscribe to read on"): the title counts too, and no
#: likeness is seen
_TELLING_TOKENS = 20
#: tokens that go into the signature: 20,000 are a long report; the hash covers everything
_MOST_TOKENS = 20_000

#: scripts written without spaces: each character is a token (kana, Han, Thai, Lao, Burmese, Khmer)
_UNSPACED = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
)
_TOKEN = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]+")
#: soft hyphens and zero-width characters stand inside words and say nothing
_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What makes a text comparable.

    Attributes:
        text_hash: 16 bytes, equal for texts that differ in case, punctuation and spacing only.
        signature: 512 bytes; empty when the text is too short to be alike to another one.
    """

    text_hash: bytes
    signature: bytes

    def bands(self) -> tuple[int, ...]:
        """32 signed 64-bit band hashes; texts that share one may be alike. Empty for a short text."""
        width = 4 * _ROWS
        return tuple(
            int.from_bytes(
                blake2b(bytes([at // width]) + self.signature[at : at + width], digest_size=8).digest(),
                signed=True,
            )
            for at in range(0, len(self.signature), width)
        )


def fingerprint(text: str, title: str = "") -> Fingerprint:
    """The fingerprint of a text; `title` counts only where the text is too short to tell."""
    tokens = _tokens(text)
    short = len(tokens) < _TELLING_TOKENS
    hashed = [*_tokens(title), "", *tokens] if short else tokens
    text_hash = blake2b(" ".join(hashed).encode("utf-8", "replace"), digest_size=16).digest()
    if short:
        return Fingerprint(text_hash, b"")
    told = tokens[:_MOST_TOKENS]
    minhash = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    minhash.update(
        [" ".join(three) for three in zip(told, islice(told, 1, None), islice(told, 2, None), strict=False)]
    )
    return Fingerprint(text_hash, struct.pack(f"<{_PERMUTATIONS}I", *minhash.digest()))


def likeness(one: bytes, other: bytes) -> float:
    """The share of three-word runs that two texts have in common, estimated from their signatures (0 to 1).

    0 when either text was too short.
    """
    if not one or len(one) != len(other):
        return 0.0
    form = f"<{len(one) // 4}I"
    pairs = zip(struct.unpack(form, one), struct.unpack(form, other), strict=True)
    return sum(1 for mine, theirs in pairs if mine == theirs) / (len(one) // 4)


def _tokens(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).casefold()
    return _TOKEN.findall(folded)
