"""What every request passes: address guard, robots.txt, hosts that are busy, pace."""

from __future__ import annotations
