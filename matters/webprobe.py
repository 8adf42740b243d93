"""Ask whether a foreign web page is there, without being led into the intranet.

The name is resolved here and the connection goes to the very address that was judged, at every redirect anew, so that
neither a redirect nor a name that changes its mind reaches a private address. Nothing of the page is kept.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from urllib.parse import SplitResult, quote, urljoin, urlsplit

SECONDS = 5.0
SECONDS_IN_ALL = 10.0
MAX_HOPS = 5
REDIRECTS = {301, 302, 303, 307, 308}
# Servers that will not answer HEAD are asked with GET, of which only the head is read.
NO_HEAD = {400, 403, 405, 501}


class CannotReach(Exception):
    """No answer: ``str()`` says why in Chinese."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public net."""
    ip = ipaddress.ip_address(address)
    return ip.is_global and not ip.is_multicast


def status_of(address: str, *, allowed: Callable[[str], bool] = is_public) -> int:
    """The HTTP status at the end of at most five redirects; CannotReach when there is none."""
    for _hop in range(MAX_HOPS + 1):
        where = urlsplit(address)
        if where.scheme not in ("http", "https") or not where.hostname:
            raise CannotReach("转到了一个不是网页的地址。")
        status, location = _ask(where, "HEAD", allowed)
        if status in NO_HEAD:
            status, location = _ask(where, "GET", allowed)
        if status not in REDIRECTS or not location:
            return status
        address = urljoin(address, location)
    raise CannotReach("转来转去，到不了头。")


def _ask(where: SplitResult, method: str, allowed: Callable[[str], bool]) -> tuple[int, str]:
    assert where.hostname is not None
    try:
        port = where.port or (443 if where.scheme == "https" else 80)
        host = where.hostname.encode("idna").decode()
        connection = _connection(where.scheme, host, port, _public_address(host, port, allowed))
    except (OSError, ValueError) as error:
        raise CannotReach(f"连不上（{error}）。") from error
    alarm = threading.Timer(SECONDS_IN_ALL, connection.close)
    alarm.start()
    try:
        path = quote(where.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = f"?{quote(where.query, safe='/%:@!$&()*+,;=~-._?')}" if where.query else ""
        connection.request(method, path + query, headers={"User-Agent": "Yizhan catalogue check", "Accept": "*/*"})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or ""
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        raise CannotReach(f"没有回答（{error}）。") from error  # AttributeError: the alarm closed the socket meanwhile
    finally:
        alarm.cancel()
        connection.close()


def _public_address(host: str, port: int, allowed: Callable[[str], bool]) -> str:
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(allowed(address) for address in found):
        raise CannotReach("它指向内部网络的地址，没有访问。")
    return found[0]


def _connection(scheme: str, host: str, port: int, address: str) -> http.client.HTTPConnection:
    """A connection to the address that answers to the host's name."""
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    connection.default_port = http.client.HTTPS_PORT if scheme == "https" else http.client.HTTP_PORT
    plain = socket.create_connection((address, port), timeout=SECONDS)
    secure = scheme == "https"
    connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
    return connection
