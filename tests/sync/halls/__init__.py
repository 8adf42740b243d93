"""Whole halls put back to a backup: afterwards applicants and officers see what they saw before, nothing lost or doubled."""
