"""Requests of QuickSight's API against the service model of whichever botocore
this Python has: each line of standard input is [method, path, query, body].

More than botocore's own validation: also enumerations, patterns, lengths,
and members that the model does not know. Prints a line for each fault, then
how many requests were looked at, by operation."""

import collections
import json
import re
import sys
import urllib.parse

import botocore
import botocore.session


# Debian 12's botocore, of 2022, knows smaller limits, no snapshot jobs, and not
# these members: with it they are passed over.
OLD = tuple(map(int, botocore.__version__.split(".")[:2])) < (1, 40)
LATER = {"InputColumn.SubType", "RedshiftParameters.IAMParameters"} \
    if OLD else set()


class Checker:
    def __init__(self):
        self.faults = []

    def fault(self, where, text):
        self.faults.append(f"{where}: {text}")

    def check(self, shape, value, where):
        getattr(self, "check_" + shape.type_name, self.check_other)(
            shape, value, where)

    def check_structure(self, shape, value, where):
        if not isinstance(value, dict):
            return self.fault(where, f"{value!r} is no object")
        for name in value:
            if (name not in shape.members
                    and f"{shape.name}.{name}" not in LATER):
                self.fault(where, f"{shape.name} has no member {name}")
        for name in shape.required_members:
            if name not in value:
                self.fault(where, f"{shape.name} needs {name}")
        for name, member in shape.members.items():
            if name in value:
                self.check(member, value[name], f"{where}.{name}")

    def check_list(self, shape, value, where):
        if not isinstance(value, list):
            return self.fault(where, f"{value!r} is no list")
        self.check_size(shape, len(value), where)
        for at, item in enumerate(value):
            self.check(shape.member, item, f"{where}[{at}]")

    def check_map(self, shape, value, where):
        for key, item in value.items():
            self.check(shape.key, key, f"{where} key")
            self.check(shape.value, item, f"{where}.{key}")

    def check_string(self, shape, value, where):
        if not isinstance(value, str):
            return self.fault(where, f"{value!r} is no text")
        self.check_size(shape, len(value), where)
        if shape.enum and value not in shape.enum:
            self.fault(where, f"{value!r} is none of {shape.enum}")
        pattern = shape.metadata.get("pattern")
        if pattern and not re.fullmatch(pattern, value,
                                        re.DOTALL | re.ASCII):
            self.fault(where, f"{value!r} does not match {pattern}")

    def check_boolean(self, shape, value, where):
        if not isinstance(value, bool):
            self.fault(where, f"{value!r} is no boolean")

    def check_integer(self, shape, value, where):
        if not isinstance(value, int) or isinstance(value, bool):
            return self.fault(where, f"{value!r} is no whole number")
        self.check_size(shape, value, where)

    check_long = check_integer

    def check_double(self, shape, value, where):
        if not isinstance(value, (int, float)):
            self.fault(where, f"{value!r} is no number")

    def check_other(self, shape, value, where):
        self.fault(where, f"{shape.type_name}: not looked at")

    def check_size(self, shape, size, where):
        if size < shape.metadata.get("min", size):
            self.fault(where, f"{size} is less than {shape.metadata['min']}")
        if not OLD and size > shape.metadata.get("max", size):
            self.fault(where, f"{size} is more than {shape.metadata['max']}")


def operations(model):
    """(method, regex of the path, names in it, operation)"""
    found = []
    for name in model.operation_names:
        operation = model.operation_model(name)
        uri = operation.http["requestUri"].split("?")[0]
        names = re.findall(r"\{(\w+)\+?\}", uri)
        regex = re.sub(r"\{\w+\+?\}", "([^/]+)", uri)
        found.append((operation.http["method"], regex, names, operation))
    return found


def place(member):
    return member.serialization.get("location"), \
        member.serialization.get("name")


def parameters_of(operation, names, groups, query, body):
    shape = operation.input_shape
    given = dict(body or {})
    for member_name, member in shape.members.items():
        where, wire = place(member)
        if where == "uri":
            text = dict(zip(names, groups))[wire]
            given[member_name] = urllib.parse.unquote(text)
        elif where == "querystring" and wire in query:
            given[member_name] = query[wire]
        if member_name in given and isinstance(given[member_name], str):
            if member.type_name in ("integer", "long"):
                given[member_name] = int(given[member_name])
            if member.type_name == "boolean":
                given[member_name] = given[member_name] == "true"
    return given


def main():
    model = botocore.session.get_session().get_service_model("quicksight")
    table = operations(model)
    seen = collections.Counter()
    checker = Checker()
    for number, line in enumerate(sys.stdin):
        method, path, query, body = json.loads(line)
        for wanted, regex, names, operation in table:
            match = re.fullmatch(regex, path)
            if wanted == method and match:
                break
        else:
            if OLD and "/snapshot-jobs" in path:
                continue
            checker.fault(number, f"no operation is {method} {path}")
            continue
        seen[operation.name] += 1
        given = parameters_of(operation, names, match.groups(), query, body)
        checker.check(operation.input_shape, given,
                      f"{number} {operation.name}")
    for fault in checker.faults:
        print(fault)
    print(json.dumps(seen))
    return 1 if checker.faults else 0


if __name__ == "__main__":
    sys.exit(main())
