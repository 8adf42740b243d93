"""Send a stored file to a browser without letting it do anything there."""

from django.http import FileResponse, Http404

from applications.models import Material
from sync import blobs

# Only what a browser shows safely is shown in the page; the rest is downloaded.
INLINE = {"application/pdf", "image/jpeg", "image/png"}


def send_material(material: Material, *, download: bool = False) -> FileResponse:
    """The bytes of a material under its own name; Http404 in words when they have not arrived yet."""
    return send_blob(material.sha256, material.file_name, material.content_type, download=download)


def send_blob(sha256: str, file_name: str, content_type: str, *, download: bool = False) -> FileResponse:
    """A blob with headers that forbid sniffing, scripts and embedding elsewhere."""
    if not blobs.exists(sha256):
        raise Http404("这个文件还没有传到本网，请稍后再试。")
    shown = content_type in INLINE and not download
    response = FileResponse(
        blobs.open(sha256),
        as_attachment=not shown,
        filename=file_name,
        content_type=content_type if shown else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    if content_type != "application/pdf":  # Chromium's PDF viewer does not start inside a sandbox
        response["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
    return response
