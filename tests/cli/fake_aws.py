"""What AWS answers where a test wants it otherwise than the sandbox has it:
several regions, clusters that are paused, domains. Signatures are not looked
at; the region is the one that the request was signed for."""

import http.server
import json
import re
import threading
import urllib.parse


class Failure(Exception):
    """An answer with an error: code, message, status."""


class FakeAws:
    """answers: operation -> function(region, parameters) that returns the
    inside of the result (XML text, or a dict for JSON services)."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = []     # (operation, region, parameters)
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *unused):
                pass

            def do_POST(self):
                fake.serve(self)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      Handler)
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def serve(self, request):
        size = int(request.headers.get("content-length", 0))
        body = request.rfile.read(size).decode()
        target = request.headers.get("x-amz-target")
        region = re.search(r"Credential=[^/]*/[0-9]*/([^/]*)/",
                           request.headers["authorization"]).group(1)
        if target:
            operation = target.split(".")[1]
            parameters = json.loads(body)
        else:
            parameters = dict(urllib.parse.parse_qsl(body))
            operation = parameters.pop("Action")
            parameters.pop("Version")
        self.asked.append((operation, region, parameters))
        status, text = self.answer(operation, region, parameters,
                                   target is not None)
        request.send_response(status)
        request.send_header("content-length", str(len(text)))
        request.end_headers()
        request.wfile.write(text.encode())

    def answer(self, operation, region, parameters, as_json):
        try:
            if operation not in self.answers:
                raise Failure("InvalidAction", "no " + operation, 400)
            said = self.answers[operation](region, parameters)
        except Failure as failure:
            code, message, status = failure.args
            if as_json:
                return status, json.dumps({"__type": code, "message": message})
            return status, (f"<ErrorResponse><Error><Code>{code}</Code>"
                            f"<Message>{message}</Message></Error>"
                            "</ErrorResponse>")
        if as_json:
            return 200, json.dumps(said)
        return 200, (f"<{operation}Response><{operation}Result>{said}"
                     f"</{operation}Result></{operation}Response>")
