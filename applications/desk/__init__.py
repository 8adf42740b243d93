"""The work list of officers: fast at any number of cases, filters and columns of one's own, actions on many cases."""
