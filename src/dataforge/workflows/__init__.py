"""The use cases: generate, preview, load, verify. Ports and options are passed in."""
