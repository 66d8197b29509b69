from __future__ import annotations

import pytest

from pipeline.dossier.votes import read_votes


@pytest.mark.parametrize(
    ("text", "votes"),
    [
        ("passed by 88 votes to 3, with 12 abstentions", (88, 3, 12)),
        ("a vote of 110-3-12", (110, 3, 12)),
        ("110 in favour, 3 against and 12 abstaining", (110, 3, 12)),
        ("За проголосовали 120 стран, против – 2, воздержались – 15.", (120, 2, 15)),
        ("за прагаласавалі 98 дэпутатаў, супраць — 2", (98, 2, None)),
        ("lehinə 98, əleyhinə 1 səs verilib, 3 nəfər bitərəf qalıb", (98, 1, 3)),
        ("par 110 voix contre 3 et 12 abstentions", (110, 3, 12)),
        ("310 voix pour, 20 contre et 15 abstentions", (310, 20, 15)),
        ("con 150 votos a favor, 2 en contra y 20 abstenciones", (150, 2, 20)),
        ("mit 380 Stimmen bei 120 Gegenstimmen und 60 Enthaltungen", (380, 120, 60)),
        ("以110票赞成、3票反对、12票弃权", (110, 3, 12)),
        ("بأغلبية 110 أصوات مقابل 3 وامتناع 12", (110, 3, 12)),
        ("За документ проголосовали 90 депутатов.", None),
        ("more than 40 states co-sponsored it on 10 November 2023", None),
        ("88 per cent of victims; 3 against whom charges were brought", None),
        ("for 5 years and 10.5 million", None),
        ("", None),
    ],
)
def test_votes_are_read_when_those_for_and_against_are_printed(text, votes) -> None:
    assert read_votes(text) == votes
