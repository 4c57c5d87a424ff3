"""What asks the database: plain functions of a connection, which know nothing of the site.

`query` reads what is typed, `selection` finds the quotations that have it; `quotes`, `facets`, `counts` and `rows` say
what they are, `documents` and `speakers` find these and show one, `corpus` has totals. `columns` is what makes it fast.
"""
