"""Runs the AWS CLI many times at the cost of one start: a line of JSON with
arguments and environment in, a line with status, output and errors out. Each
run is a process of its own. HOME must be the same for all: some of its paths
are made when it is imported."""

import json
import os
import sys
import tempfile

import awscli.clidriver
import awscli.botocore.session


def child(args, env, out, err):
    env["AWS_DATA_PATH"] = os.environ["AWS_DATA_PATH"]  # set by the import
    os.environ.clear()
    os.environ.update(env)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.argv = ["aws", *args]
    status = 255
    try:
        status = awscli.clidriver.main()
    except SystemExit as end:
        status = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status or 0)


def run(args, env):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        pid = os.fork()
        if pid == 0:
            child(args, env, out.fileno(), err.fileno())
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        out.seek(0)
        err.seek(0)
        return status, out.read().decode(), err.read().decode()


for line in sys.stdin:
    print(json.dumps(run(*json.loads(line))), flush=True)
