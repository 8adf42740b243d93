"""What the Makefile calls: install, check, test, demo, bench, look."""
