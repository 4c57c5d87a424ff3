"""What answers the browser: Datasette with a plugin, templates and a style of its own.

`app` builds the site; `plugin` tells Datasette of it; `guard` stands before every answer; `pages`, `speaker_pages` and
`downloads` are the answers.
"""
