"""A relay on loopback between a client and a server: it counts, remembers
status lines, and can change bytes on the way or make them slow."""

import re
import socket
import threading
import time


class Relay:
    """url is the client's to use. change(data) of the client's bytes gives
    what the server is sent; rate: bytes a second, both ways together."""

    def __init__(self, url):
        host, port = re.match(r"http://([\d.]+):(\d+)", url).groups()
        self.target = (host, int(port))
        self.change = None
        self.rate = None
        self.sent = self.received = 0
        self.statuses = []
        self.requests = []
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def stop(self):
        self.listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self.target, 60)
            except OSError:
                client.close()
                continue
            for way in ((client, server, self.up), (server, client,
                                                    self.down)):
                threading.Thread(target=self.pump, args=way,
                                 daemon=True).start()

    def up(self, data):
        self.requests += re.findall(
            rb"(?:^|\n)([A-Z]+ /\S* )HTTP/1\.1\r\n", data)
        self.sent += len(data)
        return self.change(data) if self.change else data

    def down(self, data):
        self.statuses += [int(code) for code in re.findall(
            rb"HTTP/1\.1 (\d{3}) ", data)]
        self.received += len(data)
        return data

    def pump(self, source, target, look):
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    break
                with self.lock:
                    data = look(data)
                    if self.rate:
                        time.sleep(len(data) / self.rate)
                target.sendall(data)
        except OSError:
            pass
        for one in (source, target):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
