"""Reading articles: files and folders by `read`, what is in memory by `articles_from_records`."""

from svodka.readers.reader import READERS, read
from svodka.readers.records import articles_from_records

__all__ = ["READERS", "articles_from_records", "read"]
