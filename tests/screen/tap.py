"""Runs one pytest file and speaks TAP, for automake's driver.

usage: tap.py FILE
"""

import sys

import pytest


def reason(report):
    """Why it was skipped, without pytest's word for it."""
    return str(report.longrepr[-1]).replace("Skipped: ", "", 1)


class Tap:
    """Prints one line a test, as they end."""

    def __init__(self):
        self.count = 0

    def say(self, ok, name, report):
        self.count += 1
        line = "ok" if ok else "not ok"
        skip = " # SKIP " + reason(report) if report.skipped else ""
        print(f"{line} {self.count} - {name}{skip}", flush=True)
        if not ok:
            for text in str(report.longrepr).splitlines():
                print("# " + text)
            for title, text in report.sections:
                for part in text.splitlines():
                    print(f"# {title}: {part}")

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config):
        # pytest's own report would not be TAP.
        config.pluginmanager.unregister(name="terminalreporter")

    def pytest_runtest_logreport(self, report):
        name = report.nodeid.split("::", 1)[-1].replace("_", " ")
        if report.when == "call":
            self.say(not report.failed, name, report)
        elif report.failed or report.skipped:
            self.say(not report.failed, f"{name} ({report.when})", report)

    def pytest_collectreport(self, report):
        if report.failed:
            self.say(False, "collect " + report.nodeid, report)
        elif report.skipped:
            self.say(True, report.nodeid, report)


def main():
    tap = Tap()
    options = ["-p", "no:cacheprovider",
               "--rootdir", ".", sys.argv[1]]
    status = pytest.main(options, plugins=[tap])
    if tap.count == 0:
        print(f"not ok 1 - no test ran (pytest says {int(status)})")
        tap.count = 1
    print(f"1..{tap.count}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
