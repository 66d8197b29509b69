"""The forms that values of config.yaml have, for pydantic: read by our own readers, refused in our own words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator

from alerts.subscription import QuietHours, Recipient
from tipwatch.config import addresses, listed, names, units


def between(read: Callable[[object], float], low: str, high: str) -> PlainValidator:
    """Reads a duration or a size and refuses what is outside [low, high], both written as in the file."""
    least, most = read(low), read(high)

    def check(value: Any) -> float:
        amount = read(value)
        if not least <= amount <= most:
            raise ValueError(f"{units.named(value)} is out of range: write {low} to {high}")
        return amount

    return PlainValidator(check)


Identifier = Annotated[str, PlainValidator(names.identifier)]
Zone = Annotated[str, PlainValidator(names.zone)]
Country = Annotated[str, PlainValidator(names.country)]
Language = Annotated[str, PlainValidator(names.language)]
WebUrl = Annotated[str, PlainValidator(addresses.web_url)]
LinkPattern = Annotated[str, PlainValidator(listed.link_pattern)]
Selector = Annotated[str, PlainValidator(listed.selector)]
FurtherPages = Annotated[str, PlainValidator(listed.further_pages)]
ProxyUrl = Annotated[str, PlainValidator(addresses.proxy_url)]
Network = Annotated[str, PlainValidator(addresses.network)]
Mailbox = Annotated[Recipient, PlainValidator(addresses.recipient)]
Host = Annotated[str, PlainValidator(addresses.host)]
Domain = Annotated[str, PlainValidator(addresses.domain)]
Contact = Annotated[str, PlainValidator(addresses.contact)]
Times = Annotated[tuple[time, ...], PlainValidator(units.times_of_day)]
Days = Annotated[frozenset[int], PlainValidator(units.iso_weekdays)]
Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f\u2028\u2029]*$")]
Path = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]*$")]
Delay = Annotated[float, between(units.seconds, "0s", "1h")]
Score = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Quiet = Annotated[QuietHours, PlainValidator(units.quiet_hours)]
Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,127}$")]
PublicUrl = Annotated[str, PlainValidator(addresses.public_url)]
FolderUrl = Annotated[str, PlainValidator(addresses.folder_url)]
#: the languages in which we say things ourselves
FrameLanguage = Literal["en", "ru", "az"]
