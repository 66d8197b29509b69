"""What a printed line says its date is the date of: "Published", "Updated", or nothing."""

from __future__ import annotations

import re
from enum import Enum

#: a change; in our nine languages and the larger ones beside them
_CHANGED = (
    r"(?:last\s|first\s)?(?:updated?|modified|edited|revised|corrected|reviewed)(?!\w)|last\sreviewed|"
    r"(?:последн\w{2,4}\s)?(?:обновл\w{2,8}|измен[её]н\w{0,6}|отредактирован\w?|исправлен\w?)(?!\w)|"
    r"(?:апошня\w{1,3}\s)?(?:абно[ўв]л\w{2,8}|змен(?:ен|ы|ена)\w{0,4}|адрэдагаван\w?)(?!\w)|(?:оновлен\w{1,3}|змінен\w{1,3})(?!\w)|"
    r"(?:son\s)?(?:yenilən\w{1,8}|dəyişdiril\w{1,8}|güncelle\w{1,8})|"
    r"mise?s?\sà\sjour|màj(?!\w)|modifiée?(?!\w)|actualisée?(?!\w)|(?:última\s)?(?:actualizaci[óo]n|actualizad[oa]|modificad[oa]|editad[oa])(?!\w)|"
    r"(?:zu)?(?:letzt\w{0,2}\s)?(?:aktualisier\w{1,4}|geändert|änderung|bearbeitet)(?!\w)|stand(?=\s?[:\d–-]|\svo[mn]\s)|"
    r"(?:ultim[oa]\s)?aggiorna\w{2,6}|modificat[oa](?!\w)|atuali[sz]a\w{2,4}|bijgewerkt|gewijzigd|"
    r"(?:ostatnia\s)?(?:z?aktualiz\w{2,7}|modyfikacja)|actualizat(?!\w)|a[žz]urirano|ажурирано|(?:upp|opp|op)datere?[td](?!\w)|"
    r"(?:آخر\s|تم\s)?(?:ال)?(?:تحديث|تعديل)|(?:最后|最後|最終)?(?:更新|修改|修訂|修订|改訂|编辑|編輯)(?:时间|時間|日期|日時|日|于|於)?|(?:최종\s?)?(?:수정|업데이트)"
)
#: the publication itself
_MADE = (
    r"(?:first\s)?(?:published|posted|created|issued)(?!\w)|(?:опубликован\w?|размещен\w?|дата\sпубликации|апублікаван\w?|"
    r"опубліковано|dərc\s(?:olunub|edilib)|yayın\w{0,9}|publiée?|publicad[oa]|pubblicat[oa]|publicat|gepubliceerd|opublikowano|"
    r"veröffentlicht|erschienen|erstellt|objavljeno|объавлено)(?!\w)|نشر|تاريخ\sالنشر|(?:发布|發布|發佈|刊登|公開|配信|掲載|입력|등록|게시)(?:时间|時間|日期|日時|日|于|於)?"
)
_LABEL = re.compile(rf"(?<![^\W_])(?:({_CHANGED})|(?:{_MADE}))", re.IGNORECASE)
_ONLY_LABEL_TAIL = re.compile(r"[\s:.,(|–—-]*(?:on|am|le|el|em|il|op|в|at|at:|vom)?[\s:]*$", re.IGNORECASE)
_MAX_CHARS = 2_000
_DIGIT = re.compile(r"\d")
_SAYS_SOMETHING = re.compile(r"\w")
_VOWEL_SIGNS = re.compile("[\u0640\u064b-\u0652]")


class Said(Enum):
    """What a stretch of a line is about."""

    NOTHING = 0
    PUBLISHED = 1
    CHANGED = 2


def labelled_parts(line: str) -> list[tuple[Said, str]]:
    """A line cut at its labels: "18:30 08.11.2023 (updated 09.11.2023)" gives a part that says nothing and a changed one.

    A label governs what follows it; where nothing follows the last one ("11.11.2023 18:40 published"), what stands before it.
    """
    line = _VOWEL_SIGNS.sub("", line[:_MAX_CHARS])
    labels = list(_LABEL.finditer(line))
    if not labels:
        return [(Said.NOTHING, line)]
    said = [Said.CHANGED if label[1] else Said.PUBLISHED for label in labels]
    texts = [line[: labels[0].start()]]
    ends = [label.start() for label in labels[1:]] + [len(line)]
    texts += [line[label.end() : end] for label, end in zip(labels, ends, strict=True)]
    trailing = not _DIGIT.search(texts[-1]) and _DIGIT.search(texts[0]) is not None
    governed = [*said, Said.NOTHING] if trailing else [Said.NOTHING, *said]
    return [(one, text) for one, text in zip(governed, texts, strict=True) if _SAYS_SOMETHING.search(text)]


def without_labels(line: str) -> str:
    """A line without the words that say what its dates are the dates of."""
    return _LABEL.sub(" ", line)


def ends_with_change_label(text: str) -> bool:
    """Whether a piece of text ends by announcing a time of change: "Updated:"."""
    tail = text[-60:]
    labels = list(_LABEL.finditer(tail))
    return bool(labels and labels[-1][1] and _ONLY_LABEL_TAIL.match(tail, labels[-1].end()))
