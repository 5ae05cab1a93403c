"""Paying without an account: a page behind a printed code, and the provider's door."""
