"""\\warehouses and redsh --warehouses: several regions at once, pages, who may
ask only a part; logins to what is paused or resuming."""

import os
import socket
import subprocess
import threading

import pytest

from fake_aws import Failure, FakeAws


def cluster(name, status="available", **fields):
    fields = {"ClusterIdentifier": name, "ClusterStatus": status,
              "NodeType": "ra3.4xlarge", "NumberOfNodes": 4, "DBName": "fin",
              **fields}
    text = "".join(f"<{key}>{value}</{key}>" for key, value in fields.items())
    if status == "available":
        text += (f"<Endpoint><Address>{name}.example.test</Address>"
                 "<Port>5439</Port></Endpoint>")
    return f"<Cluster>{text}</Cluster>"


def clusters(*items, marker=""):
    return f"<Clusters>{''.join(items)}</Clusters><Marker>{marker}</Marker>"


def workgroup(name, status="AVAILABLE"):
    item = {"workgroupName": name, "status": status, "baseCapacity": 128,
            "namespaceName": "space"}
    if status == "AVAILABLE":
        item["endpoint"] = {"address": f"{name}.wg.test", "port": 5439}
    return item


@pytest.fixture
def fake():
    running = FakeAws({})
    yield running
    running.close()


@pytest.fixture
def run(fake, tmp_path):
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("PG", "AWS", "XDG"))}
    env.update(HOME=str(tmp_path), AWS_ENDPOINT_URL=fake.url,
               AWS_ACCESS_KEY_ID="AKIAX", AWS_SECRET_ACCESS_KEY="x",
               AWS_REGION="eu-west-1", AWS_EC2_METADATA_DISABLED="true")

    def call(*arguments):
        return subprocess.run([os.environ["REDSH"], "-XAt", *arguments],
                              capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, env=env)
    return call


def test_clusters_and_workgroups_are_rows(fake, run):
    fake.answers.update(
        DescribeClusters=lambda *_: clusters(cluster("big"),
                                             cluster("asleep", "paused")),
        ListWorkgroups=lambda *_: {"workgroups": [workgroup("ana")]})
    want = ["ana|workgroup|eu-west-1|available||128 RPU|ana.wg.test|5439",
            "asleep|cluster|eu-west-1|paused|fin|4 x ra3.4xlarge||",
            "big|cluster|eu-west-1|available|fin|4 x ra3.4xlarge|"
            "big.example.test|5439"]
    for arguments in (["--warehouses"], ["--clusters"],
                      ["-c", "\\warehouses"], ["-c", "\\clusters"]):
        done = run(*arguments)
        assert (done.stderr, done.returncode) == ("", 0)
        assert done.stdout.splitlines() == want


def test_regions_are_asked_at_once(fake, run):
    """Each answer waits until all questions have come."""
    barrier = threading.Barrier(4, timeout=60)

    def describe(region, parameters):
        barrier.wait()
        return clusters(cluster("in-" + region))

    def listing(region, parameters):
        barrier.wait()
        return {"workgroups": []}

    fake.answers.update(DescribeClusters=describe, ListWorkgroups=listing)
    done = run("--warehouses=us-east-1,ap-south-1")
    assert [line.split("|")[0] for line in done.stdout.splitlines()] == [
        "in-ap-south-1", "in-us-east-1"]


def test_all_pages_are_read(fake, run):
    def describe(region, parameters):
        if parameters.get("Marker") == "m1":
            return clusters(cluster("two"))
        return clusters(cluster("one"), marker="m1")

    def listing(region, parameters):
        if parameters.get("nextToken") == "t1":
            return {"workgroups": [workgroup("four")]}
        return {"workgroups": [workgroup("three")], "nextToken": "t1"}

    fake.answers.update(DescribeClusters=describe, ListWorkgroups=listing)
    done = run("--warehouses")
    assert [line.split("|")[0] for line in done.stdout.splitlines()] == [
        "four", "one", "three", "two"]


def refuse(*_):
    raise Failure("AccessDenied", "User: u is not authorized to perform: x",
                  403)


def test_who_may_ask_a_part_gets_that_part(fake, run):
    fake.answers.update(
        DescribeClusters=refuse,
        ListWorkgroups=lambda *_: {"workgroups": [workgroup("ana")]})
    done = run("--warehouses")
    assert done.returncode == 0 and done.stdout.startswith("ana|")
    assert "eu-west-1: Redshift: access denied" in done.stderr


def test_who_may_ask_nothing_is_told(fake, run):
    fake.answers.update(DescribeClusters=refuse, ListWorkgroups=refuse)
    done = run("--warehouses")
    assert done.returncode == 1 and done.stdout == ""
    assert "is not authorized to perform" in done.stderr


def test_all_is_every_region(fake, run):
    fake.answers.update(DescribeClusters=lambda *_: clusters(),
                        ListWorkgroups=lambda *_: {"workgroups": []})
    run("--warehouses=all")
    regions = {ask[1] for ask in fake.asked}
    assert {"us-east-1", "eu-west-1", "ap-northeast-3"} <= regions
    assert len(fake.asked) == 2 * len(regions)


@pytest.mark.parametrize("status, hint", [
    ("paused", "resume-cluster --cluster-identifier big"),
    ("resuming", "try again when it is available")])
def test_what_is_not_there_is_told(fake, run, status, hint):
    fake.answers.update(
        DescribeClusters=lambda *_: clusters(cluster("big", status)))
    done = run("--cluster", "big", "-c", "select 1")
    assert done.returncode == 2
    assert f"cluster big is {status}" in done.stderr and hint in done.stderr
    assert all(ask[0] != "ResumeCluster" for ask in fake.asked)


def test_a_login_that_nobody_answers_is_explained_by_the_api(fake, run):
    """The host is known; nothing listens at its port."""
    fake.answers.update(
        DescribeClusters=lambda *_: clusters(cluster("big", "paused")),
        GetClusterCredentialsWithIAM=lambda *_: (
            "<DbUser>IAM:x</DbUser><DbPassword>secret-word</DbPassword>"
            "<Expiration>2099-01-01T00:00:00Z</Expiration>"))
    done = run("iam=true cluster_identifier=big host=127.0.0.1 port=1 "
               "dbname=dev", "-c", "select 1")
    assert "cluster big is paused" in done.stderr
    assert "secret-word" not in done.stderr


def test_a_time_out_lists_the_usual_causes(run):
    """Somebody listens and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        done = run(f"host=127.0.0.1 port={silent.getsockname()[1]} user=x "
                   "dbname=x password=x connect_timeout=2", "-c", "select 1")
    assert "timeout expired" in done.stderr
    for cause in ("publicly accessible", "inbound rule", "VPN", "--ssh"):
        assert cause in done.stderr
