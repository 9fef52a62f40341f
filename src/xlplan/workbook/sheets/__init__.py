"""The sheets, one module each, in the order of their tabs."""
