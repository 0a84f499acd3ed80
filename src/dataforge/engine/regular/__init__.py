"""A subset of regular expressions as finite sets of strings: parsed, counted, written."""
