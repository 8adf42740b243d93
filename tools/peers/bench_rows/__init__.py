"""The app with the measured table, for morango."""
