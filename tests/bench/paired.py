#!/usr/bin/python3
"""Times two commands in turn, A B A B ..., and prints the medians of CPU
seconds, wall seconds and peak memory with the ratio A/B, pair by pair.

usage: paired.py [-n RUNS] NAME -- COMMAND-A ... -- COMMAND-B ...
"""
import os
import statistics
import subprocess
import sys
import time


def run(command):
    """One run: (cpu s, wall s, peak MiB) from the kernel's own accounting."""
    start = time.monotonic()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE)
    noise = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    if status != 0:
        sys.exit(f'{command} failed: {noise.decode()}')
    return (usage.ru_utime + usage.ru_stime, time.monotonic() - start,
            usage.ru_maxrss / 1024)


def main():
    arguments = sys.argv[1:]
    runs = 5
    if arguments[0] == '-n':
        runs = int(arguments[1])
        arguments = arguments[2:]
    name = arguments[0]
    second = arguments.index('--', 2)
    ours, theirs = arguments[2:second], arguments[second + 1:]
    run(ours)
    run(theirs)
    pairs = [(run(ours), run(theirs)) for _ in range(runs)]
    for at, what in enumerate(('cpu s', 'wall s', 'peak MiB')):
        a = statistics.median(pair[0][at] for pair in pairs)
        b = statistics.median(pair[1][at] for pair in pairs)
        ratio = statistics.median(
            pair[0][at] / max(pair[1][at], 1e-9) for pair in pairs)
        print(f'{name:28} {what:9} {a:9.3f} {b:9.3f} {ratio:7.2f}')


main()
