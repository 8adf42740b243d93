"""How often one address may ask the query services."""

from identity.throttles import ByAddress


class ReadingThrottle(ByAddress):
    """Searching and turning pages of records that anybody may see: far beyond a person, far below a scraper."""

    scope = "dataset-reading"
    rate = "120/min"


class DownloadThrottle(ByAddress):
    """Whole open sets."""

    scope = "dataset-download"
    rate = "10/min"
