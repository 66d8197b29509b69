"""The mail to who runs the house: how the machine fares, and what needs them. Values in, a mail out."""

from __future__ import annotations

from alerts.operator.rendering import render_report
from alerts.operator.report import (
    OPERATOR,
    DayOfWork,
    DeliveryNote,
    ExceptionNote,
    Need,
    NeedKind,
    OperatorReport,
    SourceNote,
    SubscriptionCount,
)

__all__ = [
    "OPERATOR",
    "DayOfWork",
    "DeliveryNote",
    "ExceptionNote",
    "Need",
    "NeedKind",
    "OperatorReport",
    "SourceNote",
    "SubscriptionCount",
    "render_report",
]
