"""Interactive pictures, one a module."""
