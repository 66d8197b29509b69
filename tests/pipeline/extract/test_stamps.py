"""Machine-readable dates with the faults they have in the wild."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.stamps import read_stamp


@pytest.mark.parametrize(
    "printed",
    [
        "2023-11-11T16:45:00Z",
        "2023-11-11T20:45:00+04:00",
        "2023-11-11T20:45:00.000+0400",
        "2023-11-11T20:45:00+04",
        "2023-11-11T20:45:00+4:00",
        "2023-11-11 20:45:00 +0400",
        "2023-11-11T16:45:00,123456Z",
        "2023-11-11 16:45:00 UTC",
        "2023-11-11T20:45:00 GMT+04:00",
        "2023-11-11T20:45:00+04:00[Asia/Baku]",
        "2023-11-11T20:45:00 Asia/Baku",
        "2023/11/11 16:45:00 GMT",
        "20231111T164500Z",
        "20231111164500Z",
        "Sat, 11 Nov 2023 16:45:00 GMT",
        "Sat, 11 Nov 2023 20:45:00 +0400",
        "11 Nov 2023 11:45:00 EST",
        "Sat, 11 Nov 2023 19:45:00 MSK",
        "Sat Nov 11 2023 20:45:00 GMT+0400 (Azerbaijan Standard Time)",
        "November 11, 2023 4:45:00 PM UTC",
        "1699721100",
        "1699721100000",
        "/Date(1699721100000)/",
        "/Date(1699721100000+0400)/",
        "1699721100.25",
    ],
)
def test_a_stamp_gives_its_instant(printed: str) -> None:
    moment = read_stamp(printed, month_first=None)
    assert moment is not None
    assert moment.offset_minutes is not None
    assert moment.at(moment.offset_minutes) == datetime(2023, 11, 11, 16, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    "printed",
    [
        "2023-11-11T20:45:00",
        "2023-11-11 20:45",
        "Sat, 11 Nov 2023 20:45:00 -0000",
        "20231111204500",
        "Sat, 11 Nov 2023 20:45",
    ],
)
def test_a_stamp_without_a_zone_has_none(printed: str) -> None:
    moment = read_stamp(printed, month_first=None)
    assert moment is not None
    assert (moment.hour, moment.minute, moment.offset_minutes) == (20, 45, None)


@pytest.mark.parametrize("printed", ["2023-11-11", "20231111", "11 Nov 2023", "2023/11/11", "11.11.2023"])
def test_a_bare_day_has_no_time(printed: str) -> None:
    moment = read_stamp(printed, month_first=None)
    assert moment is not None
    assert moment.hour is None


def test_a_stamp_that_could_be_two_days_says_so() -> None:
    moment = read_stamp("03/04/2023 10:00", month_first=None)
    assert moment is not None
    assert moment.ambiguous
    assert moment.exchanged.day.month != moment.day.month


@pytest.mark.parametrize(
    "printed",
    ["", "soon", "0", "12345", "2023-02-30", "2023-11-11T25:00:00Z", "2023-11-11T20:45:00+19:00", "99999999999999",
     "Sat, 41 Nov 2023 20:45:00 GMT"],
)  # fmt: skip
def test_what_is_no_stamp_is_not_read_as_one(printed: str) -> None:
    assert read_stamp(printed, month_first=None) is None


@given(
    st.integers(min_value=1_000_000_000, max_value=4_000_000_000),
    st.sampled_from(["{}", "{}000", "/Date({}000)/", "{}.5"]),
)
def test_a_count_of_seconds_is_the_same_instant_in_every_form(seconds: int, form: str) -> None:
    moment = read_stamp(form.format(seconds), month_first=None)
    assert moment is not None
    assert moment.at(0) == datetime.fromtimestamp(seconds, UTC)


@given(st.text(alphabet="0123456789-:.TZ+ /Date()GMTUC", max_size=60))
def test_no_stamp_makes_the_reader_fail(printed: str) -> None:
    read_stamp(printed, month_first=None)
