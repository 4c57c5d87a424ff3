"""The explorer: search, facets, speakers and charts over the SQLite database of a corpus.

`database` finds or makes the database. `query` reads what is typed, `selection` finds the quotations; `search`,
`facets`, `figures` and `rows` say what they are, `speakers` and `documents` show one speaker and one document. They are
plain functions of a connection. The others are the site.
"""
