"""The ways between the two sites. A channel carries whole files; what they mean is decided by their content."""
