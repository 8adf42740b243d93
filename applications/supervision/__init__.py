"""Electronic supervision (电子监察): alerts by rules, the supervisor's view of every case, the monthly report."""
