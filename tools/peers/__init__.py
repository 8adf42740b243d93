"""Other people's programs that bench/ compares the hall with, each in a virtual environment of its own under var/peers."""
