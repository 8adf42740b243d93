"""Query services (查询服务): data sets that staff define and load, and that the public looks things up in."""
