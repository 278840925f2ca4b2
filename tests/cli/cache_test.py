"""cache_test.py - verdicts by content: the same bytes give the same report without a worker; other rules, options, names
or modes are other entries; what is broken, foreign or not wanted is not believed."""
import glob
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile

RATTER = os.environ["RATTER"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STEALER = os.path.join(ROOT, "examples", "npm-stealer")
number = failures = 0


def check(name, truth, detail=""):
    global number, failures
    number += 1
    failures += not truth
    print(f"{'ok' if truth else 'not ok'} {number} - {name}")
    if not truth and detail:
        print("#   " + str(detail)[:600].replace("\n", "\n#   "))


def scan(*arguments, home=None, command="scan"):
    """(status, reports without path and time, stderr)"""
    environment = dict(os.environ, **(home or {}))
    run = subprocess.run([RATTER, command, "--format", "jsonl", *arguments], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, cwd=work, env=environment)
    reports = [json.loads(line) for line in run.stdout.decode().splitlines()]
    for report in reports:
        report["elapsed_ms"] = report["artifact"]["path"] = 0
    reports.sort(key=json.dumps)
    return run.returncode, reports, run.stderr.decode("utf-8", "replace")


def entries(folder="cache"):
    return sorted(glob.glob(os.path.join(work, folder, "*", "*")))


def marks(folder="cache"):
    """What an entry is: a new one of the same name has another inode."""
    return {path: os.stat(path).st_ino for path in entries(folder)}


work = tempfile.mkdtemp(prefix="ratter-cache-")
try:
    os.mkdir(os.path.join(work, "p"))
    archive = os.path.join(work, "p", "thing-1.0.0.tgz")
    subprocess.run(["tar", "-C", os.path.dirname(STEALER), "-czf", archive, "npm-stealer"], check=True)
    tree = os.path.join(work, "tree")
    shutil.copytree(STEALER, tree)
    cached = ("--cache", "cache")

    first = scan(*cached, archive, tree)
    check("a first scan keeps its verdicts", first[0] == 1 and len(first[1]) == 2 and len(entries()) == 2, (first, entries()))
    check("for nobody else", stat.S_IMODE(os.stat(os.path.join(work, "cache")).st_mode) == 0o700 and
          all(stat.S_IMODE(os.stat(e).st_mode) == 0o600 for e in entries()), entries())
    before = marks()
    check("the same bytes give the very same reports", scan(*cached, archive, tree) == first and marks() == before, "")
    check("they are what a scan without a cache gives", scan("--no-cache", archive, tree) == first, "")
    shutil.copytree(tree, os.path.join(work, "elsewhere", "copy"))
    os.mkdir(os.path.join(work, "q"))
    shutil.copy(archive, os.path.join(work, "q"))
    moved = scan(*cached, "q/thing-1.0.0.tgz", "elsewhere/copy")
    check("wherever they lie", moved[1] == first[1] and marks() == before, moved)

    shutil.copy(archive, os.path.join(work, "q", "other.tgz"))
    named = scan(*cached, "q/other.tgz")
    check("a file of another name is another artifact", len(entries()) == 3 and "other.tar" in json.dumps(named[1]), named)
    os.chmod(os.path.join(tree, "setup.js"), 0o755)
    scan(*cached, tree)
    check("so is a tree with another mode", len(entries()) == 4, entries())
    with open(os.path.join(tree, "index.js"), "a") as f:
        f.write("// more\n")
    scan(*cached, tree)
    check("and with other content", len(entries()) == 5, entries())

    os.mkdir(os.path.join(work, "rules"))
    with open(os.path.join(work, "rules", "own.yaml"), "w") as f:
        f.write("""id: own
title: A rule of the test
why: It matches what is not there.
level: note
attack: [T1195.002]
when:
  any:
    - fact: anomaly
      where:
        what: {is: client-setting-weakens}
        detail: {matches: 'engine-strict=maybe'}
must_match:
  - files:
      .npmrc: engine-strict=maybe
must_not_match:
  - files:
      .npmrc: engine-strict=true
""")
    count = len(entries())
    ruled = scan(*cached, "--rules", "rules", archive)
    check("other rules examine it anew", ruled[0] == 1 and len(entries()) == count + 1, (ruled, entries()))
    scan(*cached, "--limit-depth", "31", archive)
    scan(*cached, "--emulate", "never", archive)
    check("so do other limits, and another way to run scripts", len(entries()) == count + 3, entries())
    scan(*cached, "--jobs", "1", "--fail-on", "none", "-v", archive)
    check("what changes no verdict changes no entry", len(entries()) == count + 3, entries())

    shutil.rmtree(os.path.join(work, "cache"))
    scan(*cached, archive)
    entry = entries()[0]
    with open(entry, "rb") as f:
        whole = f.read()
    for name, bad in (("cut off", whole[:-1]), ("emptied", b""), ("cut in its head", whole[:40]), ("longer", whole + b"\0"),
                      ("altered", whole[:-3] + b"xyz"), ("of another key", whole[:8] + b"\0" * 32 + whole[40:])):
        with open(entry, "wb") as f:
            f.write(bad)
        again = scan(*cached, archive)
        with open(entry, "rb") as f:
            check(f"an entry that is {name} is not believed, and is written anew",
                  again == (first[0], [r for r in first[1] if r["artifact"]["sha256"]], "") and f.read() == whole, again)
    os.remove(entry)
    os.mkfifo(entry)
    check("an entry that is a pipe is passed over", scan(*cached, archive)[0] == 1)

    shutil.rmtree(os.path.join(work, "cache"))
    status, reports, _ = scan(*cached, "--limit-layers", "2", archive)
    check("what was not examined whole is not kept", reports[0]["unseen"] and not entries(), (status, reports))
    scan(*cached, "--no-jail", archive)
    check("nor what was read without a jail", not entries(), entries())
    scan(*cached, "--trace", "trace.json", archive)
    check("nor with a trace", not entries() and os.path.getsize(os.path.join(work, "trace.json")) > 100, entries())
    scan(*cached, "--no-cache", archive)
    check("--no-cache keeps nothing", not entries(), entries())

    home = {"XDG_CACHE_HOME": os.path.join(work, "xdg")}
    scan(archive, home=home)
    check("by default it is below XDG_CACHE_HOME", len(entries("xdg/ratter")) == 1, entries("xdg/ratter"))
    scan(archive, home={"XDG_CACHE_HOME": "", "HOME": os.path.join(work, "home")})
    check("or below ~/.cache", len(entries("home/.cache/ratter")) == 1, entries("home/.cache/ratter"))
    with open(os.path.join(work, "file"), "w") as f:
        f.write("x")
    told = scan(archive, home={"XDG_CACHE_HOME": os.path.join(work, "file")})
    check("when that cannot be, everything is scanned and nothing is said", told[0] == 1 and not told[2], told)
    told = scan("--cache", "file/x", archive)
    check("but --cache says what is wrong: exit 2", told[0] == 2 and "--cache file/x: Not a directory" in told[2], told)
    os.mkdir(os.path.join(work, "open"))
    os.chmod(os.path.join(work, "open"), 0o777)
    told = scan("--cache", "open", archive)
    check("a folder that others may write to is refused: exit 2", told[0] == 2 and "others may write" in told[2], told)

    shutil.rmtree(os.path.join(work, "cache"), ignore_errors=True)
    scan(*cached, archive)
    folder = os.path.dirname(entries()[0])
    for i in range(300):
        path = os.path.join(folder, "%062d" % i)
        with open(path, "wb") as f:
            f.write(b"x" * 8192)
        os.utime(path, (1000 + i, 1000 + i))
    os.remove([e for e in entries() if os.path.getsize(e) != 8192][0])
    scan(*cached, archive)
    left = sorted(os.listdir(folder))
    size = sum(os.stat(os.path.join(folder, name)).st_blocks * 512 for name in left)
    check("a folder that is full loses its oldest", size <= 1 << 20 and "%062d" % 0 not in left and "%062d" % 299 in left and
          scan(*cached, archive)[0] == 1 and any(len(n) == 62 and not n.startswith("0000") for n in left), (size, len(left)))
finally:
    shutil.rmtree(work, ignore_errors=True)
print(f"1..{number}")
sys.exit(1 if failures else 0)
