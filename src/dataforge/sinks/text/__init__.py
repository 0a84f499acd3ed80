"""Columns of Arrow arrays to columns of text, a whole column at a time."""
