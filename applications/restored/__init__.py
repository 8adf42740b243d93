"""Bringing back what this site had told the other one, after its database was restored from a backup (docs/RESTORE.md)."""
