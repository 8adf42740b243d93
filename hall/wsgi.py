"""WSGI entry point for granian."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.umask(0o027)  # databases, files and keys of a site are nobody else's
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hall.settings")
application = get_wsgi_application()
# What was imported stays as long as the process: the collector need not walk it again and again (a tenth of a move's time).
gc.collect()
gc.freeze()
