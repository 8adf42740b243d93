"""The fonts of printed documents: which are used for which part, and where they are."""
