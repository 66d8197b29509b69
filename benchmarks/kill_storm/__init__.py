"""Kills at random moments of building and sending digests, and the proof that nobody missed one."""
