"""The same records, read for very many rows: columns in place of entries, parts on disk in place of one list.

`read` turns files into blocks: `rows` reads a chunk, with `coded`, `times`, `phones` and `derived`; `texts` and `kinds` carry a column in
as few bytes as it needs, `block` holds some of them together as entries. `parts` divides blocks by timelines, with `ranges`, `kept` keeps
them for other processes, and `lines` puts them in order. What is compiled lies in `loops`. What a row means is said in `records.entries`
and nowhere else: each of these is tested against it.
"""
