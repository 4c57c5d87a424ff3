"""Pages of the web: as they are saved, and in archives.

`html` (saved pages) and `warc` (archives, whose records `warc_records` reads) open files; `pages` turns a page into a
row, step by step: `charset` decodes it, `clutter` and `teasers` drop what is not the article, `metadata` finds
address, title, author and site, `dates` the moment of publication, `body` the text, `blocks` its paragraphs. They look
at `elements` and `lines`, at what a page says for machines (`json_ld`, `microdata`), and at what is a date
(`dateline`). `telegram` reads posts, `language` tells Russian.
"""
