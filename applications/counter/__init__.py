"""一窗受理: a window clerk files for somebody who came in person (decision 30)."""
