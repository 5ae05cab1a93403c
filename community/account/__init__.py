"""One's own sign-in: where it is in use, and the one-time codes that protect it."""
