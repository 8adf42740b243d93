"""What people call the two sides."""

SIDES = {"outer": "外网", "inner": "内网"}
