"""Databases: files of SQLite and DuckDB, and servers that SQLAlchemy knows; opened for reading only."""
