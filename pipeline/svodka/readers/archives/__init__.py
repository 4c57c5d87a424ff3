"""Archives of files, read like the folders that were packed: zip, WACZ and tar, packed or not.

`archive` is what they have in common, `zips` and `tars` know the formats, `kinds` says by the ending of a name which it
is, `names` what their files are called.
"""
