"""PostgreSQL with connections that are kept: see ``community.postgresql.base``."""
