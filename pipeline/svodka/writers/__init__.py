"""Tables in other formats: a module or a folder is a format, and `formats` lists them.

They write what `parts` reads shard by shard, and `documents` row by row; `annotated` is what people correct.
"""
