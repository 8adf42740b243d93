"""Speed of the hall, as ratios measured in one run on one machine."""
