"""The ways a digest can leave the house, each in a file of its own. Adding one: docs/how-to/add-a-channel.md.

Mail has two transports, `folder` and `smtp` (`CHANNELS`); its bytes are built by `alerts.channels.email`. Every other
kind is a module of this folder with a `KIND` in it, and is found by that (`KINDS`). The bytes of an outbox row of such
a channel are fixed when the digest is built:

    payload(kind, digest, mail, endpoint) -> bytes

where `kind` is ``kind:`` of the configured channel, `mail` is `alerts.render.render(digest)` in the channel's frame
language, and `endpoint` says where it leads. The row's channel is the configured id, its recipient
``Recipient(address=<that id>)``. The roof does this from a configuration in `tipwatch.channels.raw_for`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from types import MappingProxyType, ModuleType

from alerts.channels.email import EmailChannel
from alerts.channels.folder import FolderChannel
from alerts.channels.kind import Channel, Endpoint, Kind
from alerts.digest import Digest, RenderedMail
from alerts.errors import AlertError

__all__ = ["CHANNELS", "KINDS", "Channel", "Endpoint", "Kind", "kind_named", "kinds_in", "payload"]

#: transport of mail in the configuration and in the outbox -> what makes the channel from its settings
CHANNELS: Mapping[str, type[FolderChannel | EmailChannel]] = MappingProxyType(
    {
        "folder": FolderChannel,  # FolderChannel(folder: Path)
        "smtp": EmailChannel,  # EmailChannel(settings: SmtpSettings)
    }
)


def kinds_in(modules: Iterable[ModuleType]) -> Mapping[str, Kind]:
    """The kinds of channel that these modules hold, by name."""
    kinds = [kind for module in modules if isinstance(kind := getattr(module, "KIND", None), Kind)]
    return MappingProxyType({kind.name: kind for kind in kinds})


#: kinds of channel besides mail, by name: the modules of this folder that hold a `KIND`
KINDS = kinds_in(
    importlib.import_module(f"{__name__}.{found.name}")
    for found in pkgutil.iter_modules(__path__)
    if not found.ispkg
)


def kind_named(name: str) -> Kind:
    """The kind of that name.

    Raises:
        AlertError: there is none.
    """
    if (kind := KINDS.get(name)) is None:
        msg = f"no kind of channel is named {name!r}; there are: {', '.join(sorted(KINDS))}"
        raise AlertError(msg)
    return kind


def payload(kind: str, digest: Digest, mail: RenderedMail, endpoint: Endpoint) -> bytes:
    """The bytes of a digest for a channel of that kind; the same arguments give the same bytes.

    Raises:
        AlertError: there is no such kind.
    """
    return kind_named(kind).payload(digest, mail, endpoint)
