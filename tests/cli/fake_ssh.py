#!/usr/bin/env python3
"""An ssh for tests: -L leads to a port of 127.0.0.1 whatever host it names
(FAKE_SSH_PORT), -f goes into the background when it listens, -O talks to the
one that does, by the control path. It writes down what it was told."""

import json
import os
import signal
import socket
import sys
import threading


def copy(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    try:
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def serve(listener):
    while True:
        near, _ = listener.accept()
        far = socket.create_connection(
            ("127.0.0.1", int(os.environ["FAKE_SSH_PORT"])))
        for pair in ((near, far), (far, near)):
            threading.Thread(target=copy, args=pair, daemon=True).start()


def main():
    words = sys.argv[1:]
    with open(os.environ["FAKE_SSH_LOG"], "a", encoding="utf-8") as log:
        log.write(json.dumps(words) + "\n")
    control = words[words.index("-S") + 1]
    if "-O" in words:
        try:
            with open(control, encoding="utf-8") as file:
                pid = int(file.read())
            os.kill(pid, signal.SIGTERM
                    if words[words.index("-O") + 1] == "exit" else 0)
        except (OSError, ValueError):
            return 255
        return 0
    if words[-1] == "refuses":
        print("ssh: Permission denied (publickey).", file=sys.stderr)
        return 255
    port = int(words[words.index("-L") + 1].split(":")[1])
    listener = socket.create_server(("127.0.0.1", port))
    pid = os.fork()
    if pid:
        with open(control, "w", encoding="utf-8") as file:
            file.write(str(pid))
        return 0
    os.setsid()
    null = os.open("/dev/null", os.O_RDWR)
    for fd in range(3):
        os.dup2(null, fd)
    serve(listener)


if __name__ == "__main__":
    sys.exit(main())
