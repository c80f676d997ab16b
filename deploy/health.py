"""Asked by the health checks of docker-compose.yml: `python -m deploy.health web panel`, `... work panel`.

Exits with 0 when that process is alive. Whether it can also do its work, and what waits, is what monitoring asks
at `/<service>/health/ready`: a service whose broker is away must go on taking requests in.
"""

import http.client
import os
import sys

from shared.alive import is_alive


def main(kind: str, service: str) -> int:
    """Return 0 when the process of this kind is alive, else 1."""
    return 0 if (_web_answers(service) if kind == "web" else is_alive(service)) else 1


def _web_answers(service: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["PORT"]), timeout=3)
    try:
        connection.request("GET", f"/{service}/health/live")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
