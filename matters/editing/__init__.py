"""The guide editor without its pages: what inputs a guide needs, what they show, and how what was typed is read back."""
