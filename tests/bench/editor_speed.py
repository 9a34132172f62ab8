"""How long a key takes at the prompt, and how many bytes are written for it.

usage: editor_speed.py [REDSH]

A statement of 5,000 characters in 100 lines on a screen of 50 x 120. Times are
from the write of the key to the last byte that comes back, the median and the
99th percentile of 200 keys; then a paste of 1 MB, and keys in a text of 10 MB.
"""

import fcntl
import os
import pty
import select
import statistics
import struct
import sys
import tempfile
import termios
import time

PROGRAM = sys.argv[1] if len(sys.argv) > 1 else "redsh"


def start():
    home = tempfile.mkdtemp()
    pid, fd = pty.fork()
    if pid == 0:
        env = {"HOME": home, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8",
               "PATH": os.environ["PATH"], "COLORFGBG": "15;0",
               "INPUTRC": "/dev/null"}
        if "REDSH_SHARE" in os.environ:
            env["REDSH_SHARE"] = os.environ["REDSH_SHARE"]
        os.execvpe(PROGRAM, [PROGRAM, "-X", "--offline"], env)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 120, 0, 0))
    return pid, fd


def drain(fd, quiet=0.02):
    """Bytes until nothing comes for a while, and when the last came."""
    total, last = 0, time.perf_counter()
    while select.select([fd], [], [], quiet)[0]:
        total += len(os.read(fd, 1 << 16))
        last = time.perf_counter()
    return total, last


def send(fd, data):
    data = memoryview(data)
    while data:
        select.select([], [fd], [])
        data = data[os.write(fd, data[:4096]):]
        if select.select([fd], [], [], 0)[0]:
            os.read(fd, 1 << 16)


def keys(fd, name, sequence, count=200):
    times, sizes = [], []
    for n in range(count):
        key = sequence[n % len(sequence)]
        begin = time.perf_counter()
        os.write(fd, key)
        size, last = drain(fd, 0.008)
        times.append((last - begin) * 1000)
        sizes.append(size)
    times.sort()
    print(f"{name:42} {statistics.median(times):7.2f} ms "
          f"{times[int(count * .99) - 1]:7.2f} ms "
          f"{statistics.median(sizes):7.0f} bytes {max(sizes):7} at most")


def memory(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        for line in file:
            if line.startswith("VmRSS"):
                return int(line.split()[1]) // 1024
    return 0


def paste(fd, text):
    send(fd, b"\x1b[200~" + text + b"\x1b[201~")


def main():
    pid, fd = start()
    drain(fd, 1)
    print(f"resident at the prompt: {memory(pid)} MB")
    lines = [f"  coalesce(t.column_{n:03}, 'a text', {n}) as c{n:03},"
             for n in range(100)]
    paste(fd, b"select\n" + "\n".join(lines).encode() + b"\n  'x' as last")
    drain(fd, 0.5)
    keys(fd, "type at the end", [b"a", b"b", b",", b"1"])
    keys(fd, "cursor up and down in the window", [b"\x1b[A", b"\x1b[B"])
    keys(fd, "cursor left", [b"\x1b[D"], 40)
    keys(fd, "type in the middle", [b"a", b"b", b",", b"1"])
    keys(fd, "cursor up, window scrolls", [b"\x1b[A"], 60)
    keys(fd, "new line inserted", [b"\x1b\r"], 40)
    os.write(fd, b"\x03")
    drain(fd, 0.3)
    text = b"insert into t values\n" + b"(1, 'some text', 2.5),\n" * 45000
    for size in (1 << 20, 10 << 20):
        whole = (text * (size // len(text) + 1))[:size]
        begin = time.perf_counter()
        paste(fd, whole)
        _, last = drain(fd, 0.6)
        print(f"paste of {size >> 20:2} MB {'':28} "
              f"{(last - begin) * 1000:7.0f} ms, resident {memory(pid)} MB")
        keys(fd, f"type at the end of {size >> 20} MB", [b"a", b","], 30)
        os.write(fd, b"\x1b[A" * 5)
        drain(fd, 0.3)
        keys(fd, f"type in {size >> 20} MB, five lines up", [b"a", b","], 30)
        os.write(fd, b"\x03")
        drain(fd, 0.5)
    print(f"resident afterwards: {memory(pid)} MB")
    os.write(fd, b"\\q\r")
    os.waitpid(pid, 0)


main()
