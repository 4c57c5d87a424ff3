"""Annotation that people corrected in other tools, read back as gold."""
