"""Lists that people bring: read by ``community.sheets``, checked whole, applied in short batches.

An app says what is special about its lists: two tables (``community.models.imports``), an
``Importer`` with what checks rows and what writes them, and a page (``community.imports.admin``).
"""
