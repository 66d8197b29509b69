"""Where a sentence ends, in nine languages and by the signs of a few more."""

from __future__ import annotations

from enum import IntEnum

_ENDS = frozenset(".!?…‥。！？．｡؟۔।॥")
#: signs that end a sentence whatever follows: their scripts write no blank and no capitals
_SURE_ENDS = frozenset("。！？｡।॥")
_LINE_ENDS = frozenset("\n\r\u2028\u2029\u0085\v")
#: gaps remembered, and how long they may be
_MOST_KNOWN, _LONGEST_KNOWN = 2_000, 8
_FULL_STOPS = frozenset(".．")

#: words, folded, that a full stop does not end a sentence after (single letters and short numbers are known without)
_SHORT_FORMS_IN = """
    mr mrs ms dr st no nos art arts para paras gen sen rep gov prof vol jr lt col sgt capt adm hon rev vs pp ed eds fig
    inc ltd corp co dept approx cf al etc jan feb mar apr jun jul aug sep sept oct nov dec
    гг ст им ул руб тыс млн млрд вул нум см др проф акад ген корр тел обл пос пр чел св
    mm mme mmes mlle me abs bzw nr str hl bd bsp vgl usw ca geb gest evtl ggf inkl zzgl
    ee uu sr sra sres srta dna ud uds av avda num pag tel depto
    ene abr ago dic janv fevr avr juil dez okt
"""
_SHORT_FORMS = frozenset(_SHORT_FORMS_IN.split())

#: words, folded, that begin a sentence and follow no ordinal or initial: "by 90 votes to 3. In the debate", but "am 3. Oktober"
_OPENERS_IN = """
    in the a an it he she they but and this these those that on at as we its their after while however for with there
    le la les il elle ils elles un une dans en ce cette ces mais au aux apres selon lors
    el los las una este esta pero al por segun tras
    der die das ein eine im er sie es diese dieser dieses aber auch am nach laut dabei damit
    в на он она они это но по как при с у этот эта так также после однако мы
    ен яна яны гэта але як пры пасля таксама
    bu o lakin onlar amma bununla
"""
_OPENERS = frozenset(_OPENERS_IN.split())


class Gap(IntEnum):
    """What ends in a gap: a sentence in some cases, where a capital or no case follows, and perhaps by the words, too."""

    NOTHING = 0
    BY_WORDS = 1
    BY_CAPITAL = 2
    SENTENCE = 3
    PARAGRAPH = 4


class _Kinds(dict[str, Gap]):
    """What ends in each gap, worked out the first time it is met; a gap is a key as it is written."""

    def __missing__(self, gap: str) -> Gap:
        kind = _kind_of(gap)
        if len(gap) <= _LONGEST_KNOWN and len(self) < _MOST_KNOWN:
            self[gap] = kind
        return kind


def _kind_of(gap: str) -> Gap:
    if not _LINE_ENDS.isdisjoint(gap):
        return Gap.PARAGRAPH
    if _ENDS.isdisjoint(gap):
        return Gap.NOTHING
    if not _SURE_ENDS.isdisjoint(gap):
        return Gap.SENTENCE
    if not any(sign.isspace() for sign in gap):
        return Gap.NOTHING
    full_stop_alone = gap[0] in _FULL_STOPS and _ENDS.isdisjoint(gap[1:])
    return Gap.BY_WORDS if full_stop_alone else Gap.BY_CAPITAL


#: by what stands between two words, from the first sign that is neither blank, quotation mark nor hyphen to the next word
KINDS = _Kinds()


def ends_between(previous: str, word: str) -> bool:
    """Whether a full stop between two words, folded, ends a sentence, by the words."""
    if previous.isdecimal() and len(previous) <= 2:
        return word in _OPENERS
    if len(previous) == 1:
        return word in _OPENERS and len(word) > 1  # "met at the U.N. The", but "A. C. Smith"
    return previous not in _SHORT_FORMS
