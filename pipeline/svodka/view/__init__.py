"""What was extracted, for people: on a terminal, in a notebook, as a page.

`command` is ``svodka view``; `terminal` prints tables and, by `coloured`, a document; `html` makes HTML of a document.
For notebooks `notebook` has `svodka.show`, and what Docs (`ipython`), tables (`summary`) and quotations (`quotations`,
in `cards`) show of themselves. `contract` is ``svodka schema``.
"""
