"""Pages of those who keep data sets."""
