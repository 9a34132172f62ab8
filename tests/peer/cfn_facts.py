"""Prints the rows of share/sandbox/cfn_resources.tsv out of the resource
schemas inside cfn-lint.

usage: cfn_facts.py TYPE...     with a Python that has cfn-lint
"""

import json
import pathlib
import sys

import cfnlint

DEEPEST = 5
MOST_VALUES = 24
# Objects that are left open: thousands of rows that no template here uses.
OPEN = {"AlternateDataSourceParameters", "DataPrepConfiguration", "Definition",
        "LogicalTableMap", "PhysicalTableMap", "SemanticModelConfiguration",
        "SourceEntity"}
FOLDER = pathlib.Path(cfnlint.__file__).parent / "data" / "schemas"


def types():
    """Names of types and of their schemas: JSON since 1.52, Python before."""
    found = FOLDER / "providers" / "us-east-1.json"
    if found.exists():
        return json.loads(found.read_text(encoding="utf-8"))
    # pylint: disable=import-outside-toplevel
    from cfnlint.data.schemas.providers import us_east_1
    return us_east_1.types


def schema_of(name):
    found, = (FOLDER / "resources").glob(f"*{types()[name]}*")
    return json.loads(found.read_text(encoding="utf-8"))


def resolve(schema, part):
    """The part with what its $ref stands for."""
    while "$ref" in part:
        found = schema
        for step in part["$ref"].lstrip("#/").split("/"):
            found = found[step]
        own = {key: value for key, value in part.items() if key != "$ref"}
        part = {**found, **own}
    return part


def kind_of(schema, part):
    part = resolve(schema, part)
    kind = part.get("type")
    if isinstance(kind, list):
        kind = "json" if "object" in kind else kind[0]
    if kind == "array":
        return kind_of(schema, part.get("items", {})) + "[]"
    if kind == "object" and not part.get("properties"):
        return "map" if part.get("patternProperties") else "json"
    if kind is None:
        return "object" if part.get("properties") else "json"
    return kind


def element(schema, part):
    """What a list, or a list of lists, is a list of."""
    part = resolve(schema, part)
    while part.get("type") == "array":
        part = resolve(schema, part.get("items", {}))
    return part


def members(schema, owner, prefix, above):
    """(name, kind, required, values) of an object's properties and of all
    inside them; above: the objects around it, as some hold themselves."""
    for name in sorted(owner.get("properties", {})):
        part = owner["properties"][name]
        kind, leaf = kind_of(schema, part), element(schema, part)
        lists = "[]" * kind.count("[]")
        if name in OPEN:
            kind = "json" + lists
        values = [str(value) for value in leaf.get("enum") or []
                  if isinstance(value, (str, int))]
        required = "yes" if name in owner.get("required", []) else ""
        yield (prefix + name, kind, required,
               "|".join(values) if len(values) <= MOST_VALUES else "")
        own = json.dumps(leaf, sort_keys=True)
        if leaf.get("properties") and name not in OPEN and \
                len(above) < DEEPEST and own not in above:
            yield from members(schema, leaf, prefix + name + lists + ".",
                               above | {own})


def slashed(name):
    return name.replace("[]", "/*").replace(".", "/")


def settable(schema, fixed):
    """The rows that a template may set: not what is read only, nor objects
    of which nothing is left."""
    found = list(members(schema, schema, "", frozenset()))

    def is_fixed(row):
        parts = slashed(row[0]).split("/")
        return any("/".join(parts[:count]) in fixed
                   for count in range(1, len(parts) + 1))

    kept = [row for row in found if not is_fixed(row)]

    def is_empty(row):
        inside = (row[0] + ".", row[0] + "[].")
        return any(one[0].startswith(inside) for one in found) and \
            not any(one[0].startswith(inside) for one in kept)

    while any(map(is_empty, kept)):
        kept = [row for row in kept if not is_empty(row)]
    return kept


def print_type(name):
    schema = schema_of(name)

    def paths(key):
        return {path[len("/properties/"):] for path in schema.get(key, [])}

    def row(*cells):
        print(name, *cells, sep="\t")

    fixed = paths("readOnlyProperties")
    identifier = [path[len("/properties/"):]
                  for path in schema["primaryIdentifier"]]
    row("ref", "|".join(identifier), "string", "", "", "")
    for path in sorted(fixed):
        part = schema
        for step in path.split("/"):
            part = resolve(schema, part)
            part = part.get("items", {}) if step == "*" else \
                part.get("properties", {}).get(step, {})
        row("get", path.replace("/*", "[]").replace("/", "."),
            kind_of(schema, part), "", "", "")
    replace = paths("createOnlyProperties")
    maybe = paths("conditionalCreateOnlyProperties")
    for path, kind, required, values in settable(schema, fixed):
        update = "replace" if slashed(path) in replace else \
            "maybe" if slashed(path) in maybe else ""
        row("set", path, kind, required, update, values)


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        print_type(wanted)
