"""One module for each family of column generators."""
