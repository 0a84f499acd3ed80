"""Excel workbooks: SpreadsheetML (ECMA-376) written a column at a time, read row by row."""
