"""Wiring of the application: settings from the environment, inputs that doors share."""
