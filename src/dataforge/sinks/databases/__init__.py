"""Databases as sinks: ``databases.connect.open_database`` and one module for each server."""
