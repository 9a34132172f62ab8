"""Reads the CloudFormation templates of share/platform and says what is wrong
with them, by the table share/sandbox/cfn_resources.tsv and by the rules of the
platform: least rights, nothing public, everything encrypted."""

import collections
import os
import pathlib
import re

import yaml

SHARE = pathlib.Path(os.environ.get(
    "REDSH_SHARE", pathlib.Path(__file__).resolve().parents[2] / "share"))
KINDS = ("cluster", "serverless")
PSEUDO = {"AWS::AccountId", "AWS::NoValue", "AWS::Partition", "AWS::Region",
          "AWS::StackId", "AWS::StackName", "AWS::URLSuffix"}
MAX_BYTES = 51200           # CloudFormation: of a TemplateBody

# Wildcards that cannot be avoided: (resource, Sid) and why.
WILD = {
    ("QuickSightRole", "Look"):
        "EC2 has no resource for DescribeSubnets and DescribeSecurityGroups",
    ("QuickSightRole", "ItsInterfaces"):
        "an interface has no name before it is made",
}
BUCKET_OBJECTS = {"Fn::Sub": "${DataBucket.Arn}/*"}
POLICIES = ("AssumeRolePolicyDocument", "PolicyDocument")


# ---- reading ----

class Loader(yaml.SafeLoader):
    """YAML as CloudFormation reads it: short functions become long ones."""


def short(loader, suffix, node):
    """!Sub and its like: the function's long form."""
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else "Fn::" + suffix:
            value}


def mapping(loader, node, deep=False):
    """A mapping whose keys are there once: YAML itself takes the last."""
    keys = [key.value for key, _ in node.value]
    for key in keys:
        if keys.count(key) > 1:
            raise yaml.constructor.ConstructorError(
                None, None, f"{key} is there twice", node.start_mark)
    return yaml.SafeLoader.construct_mapping(loader, node, deep)


Loader.add_multi_constructor("!", short)
Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG,
                       lambda loader, node: mapping(loader, node, True))


def text_of(kind):
    """The template cluster or serverless as it is shipped."""
    return (SHARE / "platform" / f"{kind}.yaml").read_text(encoding="utf-8")


def read(text):
    """The template as plain dictionaries and lists."""
    return yaml.load(text, Loader)


Fact = collections.namedtuple("Fact", "type role name kind required update "
                                      "values")


def facts():
    """Rows of cfn_resources.tsv: by type, role and name."""
    table = collections.defaultdict(lambda: collections.defaultdict(dict))
    path = SHARE / "sandbox" / "cfn_resources.tsv"
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        if not line.startswith("#"):
            fact = Fact(*line.split("\t"))
            table[fact.type][fact.role][fact.name] = fact
    return table


# ---- walking ----

def walk(value, path=()):
    """Every dictionary, list and value inside, with the way to it."""
    yield path, value
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from walk(inside, path + (key,))
    elif isinstance(value, list):
        for number, inside in enumerate(value):
            yield from walk(inside, path + (number,))


def references(value):
    """(name, attribute or None) of all Ref, Fn::GetAtt and Fn::Sub inside."""
    for _, inside in walk(value):
        if not isinstance(inside, dict) or len(inside) != 1:
            continue
        (name, argument), = inside.items()
        if name == "Ref":
            yield argument, None
        elif name == "Fn::GetAtt":
            yield tuple(argument)
        elif name == "Fn::Sub":
            text, own = argument if isinstance(argument, list) else (argument,
                                                                     {})
            for found in re.findall(r"\$\{([^!}][^}]*)\}", text):
                if found not in own:
                    yield tuple((found.split(".", 1) + [None])[:2])


def is_function(value):
    """True for {"Ref": ...} and {"Fn::...": ...}."""
    return isinstance(value, dict) and len(value) == 1 and \
        next(iter(value)).startswith(("Ref", "Fn::"))


def listed(value):
    """What may be one thing or a list of things, as a list."""
    return value if isinstance(value, list) else [value]


# ---- properties ----

SIMPLE = {"string": (str,), "integer": (int,), "boolean": (bool,),
          "number": (int, float), "object": (dict,), "map": (dict,)}


def branches(value):
    """What a property may turn out to be: both sides of Fn::If."""
    if isinstance(value, dict) and list(value) == ["Fn::If"]:
        for side in value["Fn::If"][1:]:
            yield from branches(side)
    elif value != {"Ref": "AWS::NoValue"}:
        yield value


def wrong_value(rows, name, kind, value, where):
    """Complaints about one value of a property and all inside it."""
    for side in branches(value):
        if kind.endswith("[]") and isinstance(side, list):
            for inside in side:
                yield from wrong_value(rows, name + "[]", kind[:-2], inside,
                                       where)
        elif kind == "json" or is_function(side):
            continue
        elif kind == "object" and isinstance(side, dict):
            yield from wrong_members(rows, name + ".", side, where)
        elif kind not in SIMPLE or not isinstance(side, SIMPLE[kind]) or \
                (isinstance(side, bool) and kind != "boolean"):
            yield f"{where}: {name} is no {kind}"
        else:
            allowed = rows[name].values if name in rows else \
                rows[name.rstrip("[]")].values
            if allowed and str(side) not in allowed.split("|"):
                yield f"{where}: {name} is one of {allowed}, not {side}"


def wrong_members(rows, prefix, members, where):
    """Complaints about the properties of one object."""
    for key, value in members.items():
        fact = rows.get(prefix + key)
        if fact is None:
            yield f"{where}: there is no property {prefix}{key}"
        else:
            yield from wrong_value(rows, prefix + key, fact.kind, value, where)
    for name, fact in rows.items():
        own = name[len(prefix):] if name.startswith(prefix) else ""
        if own and fact.required and "." not in own and own not in members:
            yield f"{where}: {name} is required"


def wrong_properties(template):
    """Types, properties, values and attributes that do not exist."""
    table = facts()
    for name, resource in template["Resources"].items():
        if resource["Type"] not in table:
            yield f"{name}: there is no {resource['Type']}"
            continue
        rows = table[resource["Type"]]["set"]
        yield from wrong_members(rows, "", resource.get("Properties", {}),
                                 name)


def wrong_references(template):
    """Names that nothing has; things that are not there when asked for."""
    table, resources = facts(), template["Resources"]
    places = {**resources, **template["Outputs"]}
    for place, body in places.items():
        for name, attribute in references(body):
            if attribute is None and (name in PSEUDO or
                                      name in template["Parameters"]):
                continue
            if name not in resources:
                yield f"{place}: nothing is called {name}"
                continue
            if attribute and attribute not in \
                    table[resources[name]["Type"]]["get"]:
                yield f"{place}: {name} has no attribute {attribute}"
            wanted = resources[name].get("Condition")
            if wanted and wanted != body.get("Condition"):
                yield f"{place}: {name} is there only if {wanted}"
        for needed in listed(body.get("DependsOn", [])):
            if needed not in resources:
                yield f"{place}: nothing is called {needed}"
    used = {name for name, _ in references(template)}
    for parameter in template["Parameters"]:
        if parameter not in used:
            yield f"{parameter}: no resource asks for it"
    for path, value in walk(template):
        if path and path[-1] == "Condition" and isinstance(value, str) and \
                value not in template["Conditions"]:
            yield f"{path[-2]}: there is no condition {value}"
        if path and path[-1] == "Fn::If" and \
                value[0] not in template["Conditions"]:
            yield f"{path[1]}: there is no condition {value[0]}"


# ---- rights ----

def statements(template):
    """(resource, statement) of every policy in the template."""
    for name, resource in template["Resources"].items():
        for path, value in walk(resource):
            if path and path[-1] in POLICIES:
                for statement in listed(value["Statement"]):
                    yield name, statement


def is_wild(resource):
    """True when a Resource names more than one thing."""
    if resource == BUCKET_OBJECTS:
        return False
    text = resource.get("Fn::Sub", "") if isinstance(resource, dict) \
        else resource
    return "*" in str(text) or "?" in str(text)


def wrong_rights(template):
    """Policies that allow more than is named one by one."""
    met = set()
    for name, statement in statements(template):
        who = statement.get("Principal", {})
        where = f"{name} {statement.get('Sid', '')}".strip()
        if statement["Effect"] == "Deny":
            continue
        for forbidden in ("NotAction", "NotResource", "NotPrincipal"):
            if forbidden in statement:
                yield f"{where}: {forbidden} allows what nobody thought of"
        for action in listed(statement.get("Action", [])):
            if not re.fullmatch(r"[a-z0-9-]+:[A-Za-z0-9]+", str(action)):
                yield f"{where}: {action} is not one action"
        wild = [resource for resource in listed(statement.get("Resource", []))
                if is_wild(resource)]
        if (name, statement.get("Sid")) in WILD:
            met.add((name, statement.get("Sid")))
        elif wild:
            yield f"{where}: {wild} is not one resource"
        everybody = "*" in [inside for _, inside in walk(who)]
        if everybody and name != "DataEndpoint":
            yield f"{where}: everybody may"
        if "AWS" in who:
            yield f"{where}: an account is trusted"
    for name, sid in set(WILD) - met:
        if name in template["Resources"]:
            yield f"{name} {sid}: is not there any more; take it off the list"


# ---- the network, encryption, secrets ----

WORLD = ("0.0.0.0/0", "::/0")
GROUP_TEXT = re.compile(r"[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}")


def ingress_rules(template):
    """(resource, rule) of all that lets in."""
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::EC2::SecurityGroupIngress":
            yield name, properties
        for rule in properties.get("SecurityGroupIngress", []):
            yield name, rule


def wrong_network(template):
    """Ways in that are wider than they need be."""
    for name, rule in ingress_rules(template):
        source = rule.get("CidrIp", rule.get("CidrIpv6"))
        if source is not None and source != {"Ref": "AllowedCidr"}:
            yield f"{name}: lets in {source}"
        if source is None and "SourceSecurityGroupId" not in rule:
            yield f"{name}: lets in from nowhere in particular"
        answers = name == "QuickSightGroup"
        if not answers and (rule.get("FromPort"), rule.get("ToPort")) != \
                (5439, 5439):
            yield f"{name}: opens more than port 5439"
    for path, value in walk(template["Resources"]):
        if value in WORLD and path[-1] == "CidrIp" and \
                "SecurityGroupEgress" not in path:
            yield f"{path[0]}: the whole world"
        if path and path[-1] == "PubliclyAccessible" and value is not False:
            yield f"{path[0]}: has a public address"
        if path and path[-1] in ("Description", "GroupDescription") and \
                template["Resources"][path[0]]["Type"].startswith(
                    "AWS::EC2::SecurityGroup") and \
                not GROUP_TEXT.fullmatch(str(value)):
            yield f"{path[0]}: EC2 refuses the description {value}"
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::EC2::SecurityGroup" and \
                "SecurityGroupEgress" not in resource["Properties"]:
            yield f"{name}: lets everything out"
        for rule in at(resource.get("Properties", {}),
                       "SecurityGroupEgress") or []:
            if rule.get("CidrIp") in WORLD and \
                    rule["FromPort"] not in (80, 443):
                yield f"{name}: port {rule['FromPort']} out to the world"
        if resource["Type"] == "AWS::EC2::SecurityGroup" and \
                "VpcId" not in resource["Properties"]:
            yield f"{name}: is not in the platform's network"


MUST = {     # type: (property, what it has to be)
    "AWS::EC2::Instance": [("MetadataOptions.HttpTokens", "required")],
    "AWS::Redshift::Cluster": [
        ("Encrypted", True), ("PubliclyAccessible", False),
        ("ManageMasterPassword", True), ("EnhancedVpcRouting", True)],
    "AWS::RedshiftServerless::Namespace": [("ManageAdminPassword", True)],
    "AWS::RedshiftServerless::Workgroup": [
        ("PubliclyAccessible", False), ("EnhancedVpcRouting", True),
        ("ConfigParameters", [{"ParameterKey": "require_ssl",
                               "ParameterValue": "true"}])],
    "AWS::Redshift::ClusterParameterGroup": [
        ("Parameters", [{"ParameterName": "require_ssl",
                         "ParameterValue": "true"}])],
    "AWS::S3::Bucket": [
        ("PublicAccessBlockConfiguration",
         dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy",
                        "IgnorePublicAcls", "RestrictPublicBuckets"), True)),
        ("BucketEncryption", {"ServerSideEncryptionConfiguration": [
            {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]})],
    "AWS::QuickSight::DataSource": [("SslProperties.DisableSsl", False)],
}
SECRET = re.compile("password|secretstring|secretaccesskey|credentialpair",
                    re.IGNORECASE)


def at(properties, path):
    """The property inside objects that path, with dots, leads to."""
    for step in path.split("."):
        properties = (properties or {}).get(step)
    return properties


def wrong_protection(template):
    """What is not encrypted, not managed, not kept."""
    for name, resource in template["Resources"].items():
        for path, wanted in MUST.get(resource["Type"], []):
            if at(resource["Properties"], path) != wanted:
                yield f"{name}: {path} is not {wanted}"
        for disk in at(resource.get("Properties", {}),
                       "BlockDeviceMappings") or []:
            if disk["Ebs"].get("Encrypted") is not True:
                yield f"{name}: a disk is not encrypted"
        if resource["Type"].startswith("AWS::S3::"):
            for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
                if resource.get(policy) != "Retain":
                    yield f"{name}: {policy} does not keep it"
        for path, _ in walk(resource.get("Properties", {})):
            if path and SECRET.search(str(path[-1])) and \
                    not str(path[-1]).startswith("Manage"):
                yield f"{name}: {path[-1]} would be in the template"
    for name, parameter in template["Parameters"].items():
        if SECRET.search(name) or parameter.get("NoEcho"):
            yield f"{name}: asks for a secret"
    denied = [statement for name, statement in statements(template)
              if name == "DataBucketPolicy" and statement["Effect"] == "Deny"]
    if not any(at(one, "Condition.Bool") == {"aws:SecureTransport": "false"}
               for one in denied):
        yield "DataBucketPolicy: requests without TLS are served"


def complaints(text):
    """Everything that is wrong with the template of this text."""
    template = read(text)
    if len(text.encode()) >= MAX_BYTES:
        yield f"the template has more than {MAX_BYTES} bytes"
    yield from wrong_properties(template)
    yield from wrong_references(template)
    yield from wrong_rights(template)
    yield from wrong_network(template)
    yield from wrong_protection(template)
