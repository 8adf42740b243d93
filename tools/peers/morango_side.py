"""Runs in morango's own virtual environment: the server that receives, or the client that pushes its table there.

``serve FOLDER PORT RECORDS`` migrates, writes the certificate, listens, and stops with its parent; ``push FOLDER PORT RECORDS
sleeping|sleepless`` fills its table (not measured), pushes it, and prints {"seconds", "rss_mb"}. Nothing of the hall is imported.
"""

import json
import resource
import sys
import time
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

ACT, FOLDER, PORT, RECORDS = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
PROFILE, SCOPE = "bench", "all"


def main() -> None:
    """Set Django up as morango asks for, then do what was asked."""
    import django
    from django.conf import settings

    database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(FOLDER / f"{ACT}.sqlite3"),
        "OPTIONS": {"timeout": 60},
    }
    settings.configure(
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "rest_framework",
            "mptt",
            "morango",
            "bench_rows",
        ],
        DATABASES={"default": database},
        ROOT_URLCONF="morango.urls",
        SECRET_KEY="only for a measurement",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        ALLOWED_HOSTS=["*"],
        MIDDLEWARE=[],
        USE_TZ=True,
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)
    from morango.models.certificates import ScopeDefinition

    scope = {"primary_scope_param_key": "site", "read_write_filter_template": "${site}", "description": ""}
    scope |= {"read_filter_template": "", "write_filter_template": ""}
    ScopeDefinition.objects.get_or_create(id=SCOPE, defaults={"profile": PROFILE, "version": 1, **scope})
    {"serve": serve, "push": push}[ACT]()


class Quiet(WSGIRequestHandler):
    """Without a line for every request."""

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def serve() -> None:
    """Listen until the parent closes our standard input; then tell how many rows there are."""
    import threading

    from bench_rows.models import Measured
    from django.core.wsgi import get_wsgi_application
    from morango.models.certificates import Certificate

    Certificate.generate_root_certificate(SCOPE)
    server: WSGIServer = make_server("127.0.0.1", PORT, get_wsgi_application(), handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()
    server.shutdown()
    print(json.dumps({"rows": Measured.objects.count(), "rss_mb": rss()}), flush=True)


def push() -> None:
    """Fill the table, then push it."""
    from bench_rows.models import FIELDS, Measured
    from django.conf import settings
    from django.db import connection, transaction
    from morango.models.certificates import Certificate, Filter
    from morango.sync import controller

    with connection.cursor() as cursor:  # the client is trusted with the server's own certificate and private key
        cursor.execute("ATTACH %s AS served", [str(FOLDER / "serve.sqlite3")])
        cursor.execute("INSERT INTO main.morango_certificate SELECT * FROM served.morango_certificate")
        cursor.execute("DETACH served")
    root = Certificate.objects.get()
    settings.BENCH_PARTITION = root.id
    with transaction.atomic():
        for number in range(RECORDS):
            fields = {name: f"{name} 云川市第 {number} 件" for name in FIELDS}
            Measured(key=f"bench:{number}", **fields).save()
    if sys.argv[5] == "sleepless":
        controller.sleep = lambda _seconds: None
    started = time.perf_counter()
    profile = controller.MorangoProfileController(PROFILE)
    network = profile.create_network_connection(f"http://127.0.0.1:{PORT}/")
    session = network.create_sync_session(root, root)
    client = session.get_push_client()
    client.initialize(Filter(root.id))
    client.run()
    client.finalize()
    network.close_sync_session(session.sync_session)
    print(json.dumps({"seconds": time.perf_counter() - started, "rss_mb": rss()}))


def rss() -> float:
    """The most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
