"""Parsers: text that describes data to a schema. Import from the package of each language."""
