"""schema_test.py - what we write for machines against what we promise: docs/report.schema.json, SARIF 2.1.0.

The OASIS schema of SARIF is not ours to ship: $RATTER_SARIF_SCHEMA may name a copy; without it the parts that consumers
lean on are checked by hand. The same for Sarif.Multitool ($RATTER_SARIF_MULTITOOL)."""
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
from html.parser import HTMLParser

RATTER = os.environ["RATTER"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXAMPLES = os.path.join(ROOT, "examples")
GOLDEN = os.path.join(ROOT, "tests", "golden")
number = failures = 0


def check(name, truth, detail=""):
    global number, failures
    number += 1
    failures += not truth
    print(f"{'ok' if truth else 'not ok'} {number} - {name}")
    if not truth and detail:
        print("#   " + str(detail)[:600].replace("\n", "\n#   "))


def skip(name, reason):
    global number
    number += 1
    print(f"ok {number} - {name} # SKIP {reason}")


def scan(format_name, *paths):
    """Standard output of a scan, as text."""
    run = subprocess.run([RATTER, "scan", "--format", format_name, *paths], stdout=subprocess.PIPE, cwd=ROOT)
    return run.stdout.decode("utf-8")


def golden(name):
    return open(os.path.join(GOLDEN, name), encoding="utf-8", newline="").read()


def contract():
    try:
        import jsonschema
    except ImportError:
        skip("docs/report.schema.json", "python3-jsonschema is missing")
        return
    schema = json.load(open(os.path.join(ROOT, "docs", "report.schema.json")))
    validator = jsonschema.Draft202012Validator
    validator.check_schema(schema)
    check("the schema is a schema", True)
    valid = validator(schema)

    def faults(text):
        return [f"{error.json_path}: {error.message[:200]}" for error in valid.iter_errors(json.loads(text))]

    missing = os.path.join(EXAMPLES, "no-such-thing")
    for name, text in (("golden", golden("all.jsonl")), ("examples", scan("jsonl", EXAMPLES, missing))):
        lines = text.splitlines()
        wrong = [fault for line in lines for fault in faults(line)]
        check(f"jsonl of {name}: {len(lines)} lines are valid", lines and not wrong, wrong[:3])
    for name, text in (("golden", golden("all.json")), ("examples", scan("json", EXAMPLES, missing))):
        check(f"json of {name} is valid", not faults(text), faults(text)[:3])
    broken = json.loads(golden("all.jsonl").splitlines()[0])
    for key in list(broken):
        cut = {k: v for k, v in broken.items() if k != key}
        check(f"the schema misses {key}", list(valid.iter_errors(cut)))
    check("the schema refuses what it does not know", list(valid.iter_errors({**broken, "extra": 1})))


def sarif_faults(document):
    """What code scanning leans on beyond the schema (FORMATS 1.2)."""
    faults = []
    if document["version"] != "2.1.0" or len(document["runs"]) != 1:
        faults.append("version or runs")
    run = document["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]
    if ids != sorted(set(ids), key=lambda s: s.encode()):
        faults.append("rule ids are not sorted or not unique")
    for rule in rules:
        severity = rule["properties"]["security-severity"]
        if not isinstance(severity, str) or not 0 <= float(severity) <= 10:
            faults.append(f"security-severity {severity!r}")
        if "security" not in rule["properties"]["tags"] or len(rule["properties"]["tags"]) > 20:
            faults.append("tags")
        if not rule["shortDescription"]["text"] or not rule["help"]["text"]:
            faults.append("rule texts")
    if run["columnKind"] != "utf16CodeUnits":
        faults.append("columnKind")
    for result in run["results"]:
        if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
            faults.append("ruleIndex")
        if not result["message"]["text"] or not result["partialFingerprints"]["primaryLocationLineHash"]:
            faults.append("message or fingerprint")
        place = result["locations"][0]["physicalLocation"]
        uri = place["artifactLocation"]["uri"]
        if any(c not in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/%:" for c in uri):
            faults.append(f"uri {uri!r}")
        if place["region"]["startLine"] < 1 or place["region"].get("startColumn", 1) < 1:
            faults.append("region")
    return faults


def sarif():
    for name, text in (("golden", golden("all.sarif")), ("examples", scan("sarif", "examples"))):
        document = json.loads(text)
        check(f"SARIF of {name}: what consumers lean on", not sarif_faults(document), sarif_faults(document)[:3])
        check(f"SARIF of {name} has results", document["runs"][0]["results"])
        oasis = os.environ.get("RATTER_SARIF_SCHEMA")
        if oasis:
            import jsonschema
            errors = list(jsonschema.Draft7Validator(json.load(open(oasis))).iter_errors(document))
            check(f"SARIF of {name}: the schema of OASIS", not errors, [e.message for e in errors[:3]])
        # without it: tests/validators lets another implementation of SARIF read the same files
        multitool = os.environ.get("RATTER_SARIF_MULTITOOL")
        if not multitool:
            continue
        with tempfile.TemporaryDirectory() as folder:
            given, said = os.path.join(folder, "in.sarif"), os.path.join(folder, "out.sarif")
            open(given, "w", encoding="utf-8").write(text)
            subprocess.run([multitool, "validate", given, "-o", said, "--log", "ForceOverwrite"],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            results = json.load(open(said, encoding="utf-8-sig"))["runs"][0].get("results", [])
            bad = [r["ruleId"] for r in results if r.get("level", "warning") == "error"]
            check(f"SARIF of {name}: Sarif.Multitool has no error", not bad, bad)
    flows = [r for r in json.loads(golden("all.sarif"))["runs"][0]["results"] if "codeFlows" in r]
    check("SARIF: the story is a code flow", flows)


class Page(HTMLParser):
    """Collects what could load or run something."""

    def __init__(self):
        super().__init__()
        self.bad, self.policy = [], False

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        self.policy |= names.get("http-equiv") == "Content-Security-Policy" and "default-src 'none'" in names["content"]
        if tag in ("script", "img", "iframe", "link", "object", "a", "form") or any(n.startswith("on") for n in names):
            self.bad.append(tag)


def others():
    page = Page()
    page.feed(golden("all.html"))
    check("HTML: nothing loads or runs", not page.bad and page.policy, page.bad)
    tree = xml.etree.ElementTree.fromstring(golden("all.junit"))
    check("JUnit is XML with its counts", len(tree.findall(".//testcase")) == int(tree.get("tests")) and
          len(tree.findall(".//failure")) == int(tree.get("failures")))
    lines = golden("all.github").splitlines()
    check("github: every line is a command of ours", all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines))
    check("json of nothing found is not an empty success", json.loads(scan("json", "no-such-thing"))["reports"][0]["verdict"] == "unknown")


contract()
sarif()
others()
sys.exit(failures > 0)
