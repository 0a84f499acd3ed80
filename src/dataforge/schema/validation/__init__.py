"""The checks of ``validate``, one module per concern; each yields problems and raises nothing."""
