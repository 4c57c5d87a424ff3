"""The explorer: search, facets, speakers and charts over the SQLite database of a corpus.

`command` is ``svodka explore``, `database` finds or makes the database; `search` asks it, `site` shows what it answers.
"""
