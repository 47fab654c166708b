"""Functions that give valid objects and no surprises; keyword defaults, one module for an app."""
