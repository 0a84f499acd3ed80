r"""SQL files of a data set, read without running a word of them.

The text of a part is known but for its rows: ``layout`` says what stands before, between and after
them, ``literals`` how each type's values are written. Blocks of whole rows (``blocks``) are taken
apart with NumPy (``values``, ``copied``) into fields as PostgreSQL's COPY text has them, a row a
line, fields parted by tabs, ``\N`` for null, and kept in a file (``spool``) that DuckDB reads like
any other. What is anything else than a row of literals is a fault with its line.
"""
