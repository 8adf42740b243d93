"""An app of the two test sites: facts become rows, so that a test can compare both sides."""
