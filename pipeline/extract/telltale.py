"""What letters and little words alone say of a text's language: most texts need no model, which takes ten times as long."""

from __future__ import annotations

import re
from collections import Counter

#: fewer letters prove nothing; a Chinese sign is worth three
_MIN_LETTERS, _MIN_SIGNS = 80, 27
#: words that one language has in every sentence, and its neighbours do not have, or seldom
_LITTLE_WORDS = {
    "en": "the and that with from this which were has have been their said would after",
    "de": "der das und dem nicht mit auf für eine einer eines einen ist sich auch wurde nach zum zur von ein im wird",
    "fr": "les des et du une dans pour est aux avec sur au pas été ont plus leur cette",
    "es": "los las el y con su por para en fue sus pero más",
}
_LANGUAGES_OF = {word: code for code, words in _LITTLE_WORDS.items() for word in words.split()}
#: so many of them, and such a share of the words (measured: texts in these languages have 9 to 35 in a hundred, others 0 to 4),
#: and so many times as many as of any other language
_MIN_WORDS, _MIN_SHARE, _TIMES = 6, 0.08, 4
_WORD = re.compile(r"[^\W\d_]+")
#: letters of the other languages in a script
_NOT_RUSSIAN = "іўїєґјђћљњџѓќѕәөүұңқғһҷӣӯ"
_NOT_ARABIC = "پچژگکیےېۆەٹڈڑںھۇۈۋڭڤ"


def told_by_marks(sample: str, script: str | None) -> str | None:
    """The language that a text is plainly in: en, de, fr, es, ru, ar or zh; None where that takes a closer look.

    Args:
        sample: the beginning of the text.
        script: of most of its letters, as `language.main_script` names it.
    """
    if script == "latin":
        return _by_little_words(sample)
    counts = Counter(sample.casefold())
    letters = sum(count for char, count in counts.items() if char.isalpha())
    if letters < (_MIN_SIGNS if script == "han" else _MIN_LETTERS):
        return None
    if script == "cyrillic":
        # no other language with this letter does without those of its own
        own, others, code = counts["ы"], _NOT_RUSSIAN, "ru"
    elif script == "arabic":
        own, others, code = counts["ة"], _NOT_ARABIC, "ar"
    elif script == "han":
        kana = any("\u3040" <= char <= "\u30ff" for char in counts)
        return None if kana else "zh"
    else:
        return None
    return code if own * 200 >= letters and sum(counts[one] for one in others) * 500 <= letters else None


def _by_little_words(sample: str) -> str | None:
    words = _WORD.findall(sample.lower())
    found = Counter(code for word in words if (code := _LANGUAGES_OF.get(word)))
    if not found:
        return None
    (best, count), *rest = found.most_common(2)
    if count < max(_MIN_WORDS, _MIN_SHARE * len(words)) or any(_TIMES * other > count for _, other in rest):
        return None
    return best
