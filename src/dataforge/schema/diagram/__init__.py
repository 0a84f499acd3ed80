"""Drawings of a schema: Mermaid, Graphviz DOT and SVG text, and boxes for a terminal."""
