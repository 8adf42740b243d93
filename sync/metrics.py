"""The figures in the text format of Prometheus; gauges only, read when asked, nothing is kept between two questions."""

from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from sync.figures import Figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def text(figures: Figures) -> bytes:
    """All gauges, each with one line of help; ages are in seconds, -1 when there is nothing to be old."""
    registry = CollectorRegistry()
    sent, arrived = figures.sent, figures.arrived
    plain: dict[str, tuple[str, float]] = {
        "waiting_records": ("Facts that are not in a batch yet", sent.waiting),
        "waiting_age_seconds": ("Age of the oldest of them", _age(figures.at, sent.waiting_since)),
        "unconfirmed_batches": ("Batches with records that the peer has not confirmed", sent.unconfirmed),
        "unconfirmed_age_seconds": ("Age of the oldest of them", _age(figures.at, sent.unconfirmed_since)),
        "silence_seconds": ("Time since anything of the peer came", _age(figures.at, arrived.heard_at)),
        "parked_batches": ("Received batches that wait", arrived.parked),
        "partial_volumes": ("Received volumes that wait for the others of their batch", arrived.partial),
        "dead_letters": ("Records that could not be applied and nobody has settled", arrived.dead),
        "blocked_records": ("Records that wait behind a dead letter", arrived.behind_dead),
    }
    for name, (about, value) in plain.items():
        Gauge(f"hall_sync_{name}", about, registry=registry).set(value)
    batch = Gauge(
        "hall_sync_batch", "Number of the last batch at a station", ["direction", "station"], registry=registry
    )
    for station in ("sealed", "offered", "applied", "durable"):
        batch.labels("out", station).set(getattr(sent, station))
    for station in ("received", "applied", "durable"):
        batch.labels("in", station).set(getattr(arrived, station))
    frozen = Gauge("hall_sync_frozen", "1 when a direction is frozen", ["direction"], registry=registry)
    frozen.labels("out").set(bool(sent.frozen))
    frozen.labels("in").set(bool(arrived.frozen))
    refused = Gauge("hall_sync_refused_files", "Files in quarantine by reason", ["code"], registry=registry)
    for code, number in figures.refused.items():
        refused.labels(code).set(number)
    days = Gauge("hall_sync_key_age_days", "Age of a private key of this side", ["key"], registry=registry)
    for key, age in figures.key_days.items():
        days.labels(key).set(age)
    free = Gauge("hall_sync_disk_free_bytes", "Room on a disk", ["path"], registry=registry)
    for disk in figures.disks:
        free.labels(disk.path).set(disk.free)
    answer: bytes = generate_latest(registry)
    return answer


def _age(now: datetime, since: datetime | None) -> float:
    return (now - since).total_seconds() if since else -1
