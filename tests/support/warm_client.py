"""The program `zoning` of `warm_command`: hands its arguments and streams to the process that is warm; see there.

    python warm_client.py ADDRESS [arguments of zoning]

Started for every command: it imports next to nothing.
"""

import json
import os
import socket
import sys

FAULT = 70
STREAMS = (0, 1, 2)


def main() -> int:
    """Have a command run; return its exit code."""
    told = {"arguments": sys.argv[2:], "folder": os.getcwd(), "environ": dict(os.environ)}  # noqa: PTH109 - pathlib is slow to import
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(sys.argv[1])
        socket.send_fds(connection, [b"\0"], STREAMS)
        connection.sendall(json.dumps(told).encode("ascii"))
        connection.shutdown(socket.SHUT_WR)
        code = connection.recv(1)
    return code[0] if code else FAULT


if __name__ == "__main__":
    sys.exit(main())
