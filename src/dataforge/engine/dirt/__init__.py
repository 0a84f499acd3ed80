"""Dirt: finished rows made dirty, and the truth about what was done to them."""
