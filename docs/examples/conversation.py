"""A daemon for one example, and the conversation with it, printed as it goes.

The daemon's clock begins where the example says (`daybookd serve --clock`), so that months pass in a second and the output is the same
every time. Instants of the run itself are shown to the hour, the log's numbers not at all; everything else is printed as it comes.
"""
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile


class Ledger:
    def __init__(self, clock):
        self.folder = tempfile.mkdtemp(prefix="daybook-example.")
        self.start(clock)

    def start(self, clock):
        """Starts the daemon with its clock at an instant, which must not lie before the last one."""
        print(f"\n--- {clock}")
        self.daemon = subprocess.Popen(
            [os.environ.get("DAYBOOKD", "daybookd"), "serve", "--data", self.folder + "/ledger", "--socket",
             self.folder + "/socket", "--clock", clock],
            stdout=subprocess.PIPE, stderr=open(self.folder + "/daemon.log", "a"), text=True)
        while not self.connect():
            if self.daemon.poll() is not None:
                sys.exit(open(self.folder + "/daemon.log").read())

    def connect(self):
        try:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(self.folder + "/socket")
        except OSError:
            return False
        self.lines = self.socket.makefile("rw")
        return True

    def stop(self):
        self.lines.close()
        self.socket.close()
        self.daemon.terminate()
        self.daemon.wait()

    def later(self, clock):
        """Stops the daemon, and starts it again at a later instant."""
        self.stop()
        self.start(clock)

    def ask(self, verb, /, **params):
        """Sends one request and returns its result, or its error."""
        print(json.dumps({"jsonrpc": "2.0", "id": 1, "method": verb, "params": params}), file=self.lines, flush=True)
        answer = json.loads(self.lines.readline())
        return answer["result"] if "result" in answer else answer["error"]

    def say(self, verb, /, **params):
        """Asks, and prints what was asked and answered."""
        print(f"> {verb} {short(params)}")
        answer = self.ask(verb, **params)
        print(f"< {short(answer)}")
        return answer

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder)


def short(value):
    """One line of JSON without what differs from run to run."""
    return re.sub(r'"(\d{4}-\d\d-\d\dT\d\d):\d\d:\d\d\.(?!000000)\d{6}Z"', r'"\1…"', json.dumps(plain(value), ensure_ascii=False))


def plain(value):
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items() if key not in ("seq", "at", "lot", "lots", "asOf")}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def note(text):
    print(f"\n# {text}")
