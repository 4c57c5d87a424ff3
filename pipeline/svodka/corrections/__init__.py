"""Annotation that people corrected in other tools, read back as gold.

`scheme` says what they see, `brat` and `label_studio` read it, `build` makes gold of it, and `gold` is the whole way.
"""
