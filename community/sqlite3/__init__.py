"""SQLite with a queue for writers: see ``community.sqlite3.base``."""
