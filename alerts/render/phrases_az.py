"""What a digest says in Azerbaijani; a noun after a number stays in the singular, names take no endings."""

from __future__ import annotations


def _count(form: str) -> dict[str, str]:
    return {"one": form, "other": form}


PHRASES: dict[str, str | dict[str, str]] = {
    # counts
    "stories": _count("{n} xəbər"),
    "updates": _count("{n} yenilənmə"),
    "outlets": _count("{n} nəşr"),
    "origins": _count("{n} ilkin mənbə"),
    "languages": _count("{n} dil"),
    "articles": _count("{n} məqalə"),
    "days": _count("{n} gün"),
    "hours": "{n} saat",
    "minutes": "{n} dəqiqə",
    "hours_minutes": "{n} saat {minutes:02d} dəqiqə",
    # times
    "long_day": "d MMMM y, EEEE",
    "span": "{start} – {end}, {zone} vaxtı",
    "instant": "{at}, {zone} vaxtı",
    "time_unknown": "vaxtı göstərilməyib",
    "later": "{lag} sonra",
    "earlier": "{lag} əvvəl",
    "same_time": "eyni vaxtda",
    # subject and summary
    "subject": "{title} · {counts}: {headline}",
    "subject_quiet": "{title} · sakitlik: {since}",
    "subject_late": "{title} · yeni xəbər yoxdur, {late}, {day}",
    "since_days": _count("son uyğunluqdan {n} gün keçib"),
    "since_hours": "son uyğunluqdan {n} saat keçib",
    "nothing_yet": "hələ heç nə tapılmayıb",
    "quiet": "Bu müddətdə yeni heç nə yoxdur.",
    "quiet_late": "Bu müddətdə yeni heç nə yoxdur; {late}.",
    "last_match": "Son uyğunluq: {at}.",
    "no_match_yet": "Hələ heç bir uyğunluq olmayıb.",
    "summary_late": "{summary}; {late}",
    "chart": "{days} ərzində {articles}; ən çox: {day}, {most}",
    "chart_none": "{days} ərzində heç bir məqalə yoxdur",
    # a flood
    "flood_heading": "Adi haldan qat-qat çox",
    "flood_usual": "{stories} daxil olub; belə müddət üçün adi say {n} olur.",
    "flood_rare": "{stories} daxil olub; belə müddətdə adətən ən çoxu bir xəbər olur.",
    "flood_new": "Bu müddətdə {stories} daxil olub.",
    "folded": "Yığcam göstərilib: {parts}.",
    "folded_full": "tam şəkildə {n}",
    "folded_briefs": "bir sətirlə {n}",
    "folded_listed": "əlavə olunmuş siyahıda {n}",
    "folded_counted": "yalnız sayılıb {n}",
    # a story
    "relevance": "uyğunluq {n}%",
    "international": "beynəlxalq",
    "why_here": "Nəyə görə buradadır",
    "citing": "İstinad: {names}",
    "also": "Digər nəşrlərdə",
    "more_copies": _count("və daha {n} nəşr"),
    "reprint": "təkrar nəşr",
    "report": "öz materialı",
    "first": "İlk dərc edən: {outlet}",
    "first_lead": "İlk dərc edən: {outlet}, {lag} əvvəl",
    "and_more": "{names} və daha {n}",
    "in_brief": "Qısaca",
    "stage": "Mərhələ: {stage}",
    "stage_announced": "elan olunub",
    "stage_tabled": "təqdim olunub",
    "stage_negotiated": "müzakirə olunur",
    "stage_adopted_committee": "komitədə qəbul olunub",
    "stage_adopted": "qəbul olunub",
    "stage_rejected": "rədd edilib",
    "stage_signed": "imzalanıb",
    "stage_ratified": "ratifikasiya olunub",
    "stage_in_force": "qüvvədədir",
    "warning": "Başlıq və mətn fərqlənir.",
    "warning_committee_only": "Başlıqda “qəbul olunub” deyilir, mətndə isə söhbət komitədən gedir: "
    "plenar iclas hələ səs verməyib.",
    "warning_not_yet_adopted": "Başlıqda “qəbul olunub” deyilir, mətnə görə isə sənəd yalnız təqdim olunub "
    "və ya müzakirə edilir.",
    "differ": "Məlumatlar nədə fərqlənir",
    "differ_date": "Tarix",
    "differ_votes": "Səslər",
    "differ_sponsors": "Həmmüəlliflər",
    "differ_stage": "Mərhələ",
    # updates
    "updates_heading": "Sizə bildirilmiş xəbərlər barədə yeni məlumat",
    "told": "{day} bildirilib:",
    # found late
    "late": _count("gec tapılmış {n} xəbər"),
    "late_heading": "Gec tapılanlar (qaydalar dəyişdirilib: {day})",
    "late_note": "Bunlar yeni xəbər deyil: məqalələr daha əvvəl, qaydalar onları hələ seçmədiyi vaxt daxil olub.",
    "late_seen": "ilk dəfə görülüb: {at}",
    # what is not shown
    "news_listed": _count("və bu müddətdə daha {n} xəbər: əlavə olunmuş siyahıda"),
    "news_counted": _count("və bu müddətdə daha {n} xəbər, burada göstərilmir"),
    "updates_listed": _count("və daha {n} yenilənmə: əlavə olunmuş siyahıda"),
    "updates_counted": _count("və daha {n} yenilənmə, burada göstərilmir"),
    "late_listed": _count("və gec tapılmış daha {n} xəbər: əlavə olunmuş siyahıda"),
    "late_counted": _count("və gec tapılmış daha {n} xəbər, burada göstərilmir"),
    "attached": _count("Əlavə: {name}, orada məktuba sığmayan {n} xəbər var"),
    # the attached list
    "column_headline": "Başlıq",
    "column_outlet": "Nəşr",
    "column_country": "Ölkə",
    "column_language": "Dil",
    "column_published": "Dərc olunub",
    "column_url": "Ünvan",
    "column_topics": "Mövzular",
    "column_score": "Uyğunluq",
    "column_note": "Qeyd",
    "note_update": "əvvəl bildirilmiş xəbər barədə yeni məlumat",
    "note_late": "gec tapılıb, yeni xəbər deyil",
    # the foot
    "read": "{sources} {articles} oxunub",
    "sources": _count("{n} mənbədən"),
    "silent": "{n} mənbə cavab vermir: {names}",
    "last_success": "son uğurlu oxunuş {at}",
    "why_you": "Bu məktubu ünvanınız “{title}” siyahısında olduğu üçün alırsınız. "
    "Vaxtlar {zone} vaxtı ilə göstərilib (UTC{offset}).",
    "machine": "Nəşrlərin dərc etdiklərindən dəyişməz qaydalarla seçilib; həlledici sözlər işarələnib.",
}
