"""Extracts in S3, Google and Azure storage, and pages published there, through real servers and the real binary.

Starts a server for each store on loopback, uploads extracts, runs the program, compares tables and books with what
Python counts, and stops what it started. Needs `moto[server]` and `boto3` from PyPI and `azurite` from npm.

    python tests/places.py target/debug/scorewright [--azurite node_modules/.bin/azurite-blob] [--without az]
"""

import argparse
import base64
import csv
import gzip
import hashlib
import hmac
import http.client
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from stored_version import read_version

SOURCE = """title = "Tickets"
files = "{files}"
format = "csv"
key = ["ticket_id"]
watermark = "opened_at"

[columns.ticket_id]
type = "text"

[columns.opened_at]
type = "timestamp"

[columns.minutes]
type = "integer"
"""
SETTINGS = 'name = "Acme"\ntime_zone = "UTC"\ncurrency = "EUR"\nextracts = "extracts"\n'
STRAY = "QUICKLYSPOKENSECRET"


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Server:
    """A process of ours, stopped by its own process group."""

    def __init__(self, name, command, port, log):
        self.name, self.port = name, port
        self.log = open(log, "wb")
        self.process = subprocess.Popen(
            command, stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True
        )
        for _ in range(300):
            if self.process.poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        self.stop()
        raise SystemExit(f"{name} does not answer on port {port}: {Path(log).read_text(errors='replace')[-2000:]}")

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.log.close()


def extract(first, rows):
    """A CSV of so many rows, and one bad row for every hundred and one."""
    lines = ["ticket_id,opened_at,minutes"]
    lines += [f"T{first + row},2026-11-{row % 20 + 1:02d} 08:00:00,{row}" for row in range(rows)]
    return ("\n".join(lines) + "\n").encode()


class Store:
    """What every store is told in its own words."""

    environment = {}

    def url(self, pattern):
        return f"{self.scheme}://{self.bucket}/{pattern}"


class Amazon(Store):
    name, scheme, bucket = "s3", "s3", "acme-extracts"

    def start(self, folder, _):
        port = free_port()
        moto = Path(sys.executable).with_name("moto_server")
        self.server = Server("moto", [str(moto), "-H", "127.0.0.1", "-p", str(port)], port, folder / "moto.log")
        self.environment = {
            "AWS_ENDPOINT": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": STRAY,
            "AWS_REGION": "eu-west-1",
        }
        import boto3

        self.client = boto3.client(
            "s3",
            endpoint_url=self.environment["AWS_ENDPOINT"],
            aws_access_key_id="AKIAEXAMPLE",
            aws_secret_access_key=STRAY,
            region_name="eu-west-1",
        )
        self.client.create_bucket(
            Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )

    def put(self, key, body):
        self.client.put_object(Bucket=self.bucket, Key=key, Body=body)

    def get(self, key):
        """Content, media type and cache rule of an object; `None` when there is none."""
        try:
            found = self.client.get_object(Bucket=self.bucket, Key=key)
        except self.client.exceptions.NoSuchKey:
            return None
        return found["Body"].read(), found["ContentType"], found.get("CacheControl")


class GoogleDoor(BaseHTTPRequestHandler):
    """Lets in who has a token that the service account has signed, and asks the server behind it in its own words."""

    protocol_version = "HTTP/1.1"

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self.is_signed():
            answer = b"<Error><Code>AccessDenied</Code><Message>no token of the service account</Message></Error>"
            return self.answer(403, [], answer)
        behind = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=60)
        # The stand-in does not undo the %2D that our client writes for a hyphen of a bucket.
        behind.putrequest(self.command, self.path.replace("%2D", "-"), skip_accept_encoding=True)
        dropped = {"host", "authorization", "content-length", "connection"}
        for name, value in self.headers.items():
            if name.lower() not in dropped:
                behind.putheader(name, value)
        credential = "Credential=AKIAEXAMPLE/20261123/eu-west-1/s3/aws4_request"
        behind.putheader("Authorization", f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0")
        behind.putheader("Content-Length", str(len(body)))
        behind.endheaders(body)
        found = behind.getresponse()
        content = found.read()
        dropped = {"connection", "transfer-encoding", "content-length", "date", "server"}
        kept = [(name, value) for name, value in found.getheaders() if name.lower() not in dropped]
        length = found.getheader("Content-Length") if self.command == "HEAD" else None
        self.answer(found.status, kept, content, length)
        behind.close()

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any

    def is_signed(self):
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        parts = token.split(".")
        if scheme != "Bearer" or len(parts) != 3:
            return False
        signature = base64.urlsafe_b64decode(parts[2] + "=" * (-len(parts[2]) % 4))
        try:
            self.server.public.verify(
                signature, f"{parts[0]}.{parts[1]}".encode(), padding.PKCS1v15(), hashes.SHA256()
            )
        except InvalidSignature:
            return False
        return True

    def answer(self, status, headers, content, length=None):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", length or str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_):
        pass


class GoogleServer(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        # Who is killed hangs up.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Google(Amazon):
    """Google's XML interface is the one of S3, path style, and our client speaks it; so the same server stands in, behind
    a door that checks the tokens of a service account with a key of its own.

    No emulator of that interface could be had: `gcp-storage-emulator` of PyPI answers 501 to a listing, and
    `fake-gcs-server` is a Go program.
    """

    name, scheme = "gs", "gs"

    def start(self, folder, azurite):
        super().start(folder, azurite)
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.door = GoogleServer(("127.0.0.1", 0), GoogleDoor)
        self.door.behind, self.door.public = self.server.port, key.public_key()
        threading.Thread(target=self.door.serve_forever, daemon=True).start()
        account = {
            "type": "service_account",
            "client_email": "nightly@example.iam.gserviceaccount.com",
            "private_key_id": "1",
            "private_key": key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ).decode(),
        }
        self.account = folder / "service_account.json"
        self.account.write_text(json.dumps(account))
        self.environment = {
            "GOOGLE_BASE_URL": f"http://127.0.0.1:{self.door.server_port}",
            "GOOGLE_SERVICE_ACCOUNT": str(self.account),
        }


class Azure(Store):
    name, scheme, bucket = "az", "az", "acme-extracts"
    # The published account of the emulator, no secret of anybody.
    account = "devstoreaccount1"
    key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

    def start(self, folder, azurite):
        port = free_port()
        command = [azurite, "--silent", "--skipApiVersionCheck", "--blobHost", "127.0.0.1", "--blobPort", str(port)]
        command += ["--inMemoryPersistence"]
        self.server = Server("azurite", command, port, folder / "azurite.log")
        self.base = f"http://127.0.0.1:{port}/{self.account}"
        self.environment = {
            "AZURE_STORAGE_ACCOUNT_NAME": self.account,
            "AZURE_STORAGE_ACCOUNT_KEY": self.key,
            "AZURE_ENDPOINT": self.base,
        }
        self.ask("PUT", f"/{self.bucket}", {"restype": "container"})

    def put(self, key, body):
        self.ask("PUT", f"/{self.bucket}/{urllib.parse.quote(key)}", {}, body, {"x-ms-blob-type": "BlockBlob"})

    def ask(self, method, path, query, body=b"", more=()):
        """A request signed with the account's key, as the service's documentation says."""
        headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-08-06", **dict(more)}
        canonical = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers) if name.startswith("x-ms-"))
        resource = f"/{self.account}/{self.account}{path}" + "".join(f"\n{k}:{v}" for k, v in sorted(query.items()))
        length = str(len(body)) if body else ""
        kind = "application/octet-stream" if body else ""
        parts = [method, "", "", length, "", kind, "", "", "", "", "", "", canonical + resource]
        signature = hmac.new(base64.b64decode(self.key), "\n".join(parts).encode(), hashlib.sha256).digest()
        headers["Authorization"] = f"SharedKey {self.account}:{base64.b64encode(signature).decode()}"
        if kind:
            headers["Content-Type"] = kind
        url = f"{self.base}{path}" + (f"?{urllib.parse.urlencode(query)}" if query else "")
        request = urllib.request.Request(url, body or None, headers, method=method)
        if not body:
            request.add_header("Content-Length", "0")
        return urllib.request.urlopen(request)

    def get(self, key):
        try:
            found = self.ask("GET", f"/{self.bucket}/{urllib.parse.quote(key)}", {})
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise
        return found.read(), found.headers["Content-Type"], found.headers.get("Cache-Control")


class Project:
    """A project whose one source lies in a store, with a state of its own."""

    def __init__(self, program, folder, store, pattern):
        self.program, self.folder, self.store = program, folder, store
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "pipelines/sources").mkdir(parents=True)
        (folder / "scorewright.toml").write_text(SETTINGS)
        self.name_files(store.url(pattern))

    def name_files(self, files):
        (self.folder / "pipelines/sources/tickets.toml").write_text(SOURCE.format(files=files))

    def ask(self, *arguments, status=0, **more):
        environment = {"PATH": os.environ["PATH"], **self.store.environment, **more}
        command = [str(self.program), "--log-format", "text", "--project", str(self.folder), *arguments]
        started = time.monotonic()
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
        said = ended.stdout + ended.stderr
        for secret in [STRAY, Azure.key]:
            assert secret not in said, f"a secret was said: {said}"
        assert ended.returncode == status, f"{arguments}: {ended.returncode}, not {status}:\n{said}"
        assert not (self.folder / "warehouse/.spool").is_dir(), "what was fetched is still there"
        self.seconds = time.monotonic() - started
        return said

    def kill_run(self, seconds):
        """Starts a run and kills it after so long, wherever it is then."""
        environment = {"PATH": os.environ["PATH"], **self.store.environment}
        command = [str(self.program), "--project", str(self.folder), "run", "--as-of", "2026-11-23"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        started = subprocess.Popen(command, env=environment, **quiet)
        try:
            started.wait(seconds)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()

    def run(self, **more):
        return self.ask("run", "--as-of", "2026-11-23", **more)

    def rows(self, sql):
        return list(csv.DictReader(io.StringIO(self.ask("query", "--output", "csv", sql))))


def expect(found, expected, what):
    assert found == expected, f"{what}: {found!r}, not {expected!r}"


def contains(said, *words):
    # Messages are wrapped to the width of a page.
    flat = " ".join(said.replace("│", " ").split())
    for word in words:
        assert word in flat, f"`{word}` is not said:\n{said}"


def lands(program, folder, store):
    """Objects land once, by content; a new one is added; an unchanged one is not fetched again."""
    store.put("exports/2026/tickets_a.csv", extract(0, 1_000))
    store.put("exports/2026/tickets_b.csv.gz", gzip.compress(extract(1_000, 500)))
    store.put("exports/2026/old/tickets_c.csv", extract(9_000, 10))
    store.put("exports/2026/notes.txt", b"not an extract")
    project = Project(program, folder / store.name, store, "exports/2026/tickets_*.csv*")
    project.ask("check")
    project.run()
    files = project.rows("SELECT _file, count(*) AS n, sum(minutes) AS s FROM raw.tickets GROUP BY 1 ORDER BY 1")
    # 0 + 1 + … + 999 = 499500, 0 + … + 499 = 124750
    expected = [("tickets_a.csv", "1000", "499500"), ("tickets_b.csv.gz", "500", "124750")]
    expected = [(store.url(f"exports/2026/{name}"), rows, total) for name, rows, total in expected]
    expect([(row["_file"], row["n"], row["s"]) for row in files], expected, "rows by object")
    contains(project.run(), "nothing new")

    # Nothing is fetched again: a server that has lost an unchanged object's bytes would not be noticed.
    known = (project.folder / "warehouse/.objects").read_text().splitlines()
    expect(len(known), 2, "objects known")

    store.put("exports/2026/tickets_a2.csv", extract(0, 1_000))
    store.put("exports/2026/tickets_d.csv", extract(2_000, 7) + b"T9999,yesterday,1\n")
    project.ask("run", "--as-of", "2026-11-23", status=3)
    store.put("exports/2026/tickets_d.csv", extract(2_000, 7))
    project.run()
    files = project.rows("SELECT count(*) AS n, count(DISTINCT _file) AS f FROM raw.tickets")
    expect((files[0]["n"], files[0]["f"]), ("1507", "3"), "rows with a new object, a copy adding none")
    newest = sorted((project.folder / "warehouse/versions").glob("*.json"))[-1]
    landings = read_version(project.folder / "warehouse", int(newest.stem))["landings"]
    expect(len(landings), 3, "books")
    for landing in landings:
        books = landing["books"]
        parts = ["accepted", "quarantined", "duplicates", "superseded"]
        expect(books["read"], sum(books[part] for part in parts), "the books of " + str(landing["extract"]["file"]))


def mends(program, folder, store):
    """Rows set aside are taken out under the header of their object, mended, delivered; others are read again."""
    pages = {"a": "T1,2026-11-02 08:00:00,1\nT2,2026-11-02 08:00:00,two\n", "b": "T3,2026-11-02 08:00:00,three\n"}
    for name, rows in pages.items():
        text = "ticket_id,opened_at,minutes\n" + rows + "".join(
            f"{name}{row},2026-11-02 08:00:00,0\n" for row in range(200)
        )
        store.put(f"mend/[{name}] tickets.csv", text.encode())
    project = Project(program, folder / f"{store.name}-mend", store, "mend/*.csv")
    project.run()
    taken = project.folder / "mended.csv"
    project.ask("quarantine", "export", "--source", "tickets", "--to", str(taken))
    text = taken.read_text()
    header = "ticket_id,opened_at,minutes\n"
    rows = "T2,2026-11-02 08:00:00,two\nT3,2026-11-02 08:00:00,three\n"
    expect(text, header + rows, "rows taken out")
    store.put("mend/mended.csv", text.replace("two", "2").replace("three", "3").encode())
    project.run()
    sql = "SELECT count(*) AS n, sum(minutes) AS s FROM raw.tickets"
    expect(project.rows(sql), [{"n": "403", "s": "6"}], "rows with the mended ones")

    project = Project(program, folder / f"{store.name}-replay", store, "mend/*tickets.csv")
    project.run()
    source = project.folder / "pipelines/sources/tickets.toml"
    source.write_text(source.read_text() + 'map = { "two" = "20", "three" = "30" }\n')
    project.ask("quarantine", "replay", "--source", "tickets", "--as-of", "2026-11-23")
    expect(project.rows(sql), [{"n": "403", "s": "51"}], "rows read again")
    contains(project.ask("quarantine", "replay", "--source", "tickets"), "nothing to read again")


def arrives(program, folder, store):
    """An object is taken once its marker is there, or once it is old enough; until then the run says what it waits for."""
    store.put("arrival/tickets_a.csv", extract(0, 10))
    store.put("arrival/tickets_a.csv.done", b"x")
    store.put("arrival/tickets_b.csv", extract(10, 10))
    project = Project(program, folder / f"{store.name}-arrival", store, "arrival/*")
    source = project.folder / "pipelines/sources/tickets.toml"
    plain = source.read_text()
    source.write_text(plain + '[arrival]\ndone_marker = "{file}.done"\n')
    waits = f"extract `{store.url('arrival/tickets_b.csv')}` of source `tickets` has not arrived yet"
    contains(project.run(), waits, "its marker `tickets_b.csv.done` is not there; a later run takes it")
    sql = "SELECT count(*) AS n FROM raw.tickets"
    expect(project.rows(sql), [{"n": "10"}], "rows that have arrived")
    contains(project.run(), waits, "holds everything that has arrived")
    store.put("arrival/tickets_b.csv.done", b"x")
    project.run()
    expect(project.rows(sql), [{"n": "20"}], "rows that arrived later")

    project = Project(program, folder / f"{store.name}-age", store, "arrival/*.csv")
    source = project.folder / "pipelines/sources/tickets.toml"
    source.write_text(plain + '[arrival]\nminimum_age = "1h"\n')
    contains(project.ask("run", status=4), "has no extract yet", "it changed less than 1h ago", "mend `[arrival]`")


def large(program, folder, store):
    """An object of several requests arrives whole."""
    body = extract(0, 400_000)
    assert len(body) > 12 << 20
    store.put("large/tickets.csv", body)
    project = Project(program, folder / f"{store.name}-large", store, "large/*.csv")
    project.run()
    found = project.rows("SELECT count(*) AS n, sum(minutes) AS s, max(ticket_id) AS m FROM raw.tickets")[0]
    expect((found["n"], found["s"], found["m"]), ("400000", "79999800000", "T99999"), "a large object")


def unkept(program, folder, store):
    """A machine that cannot keep an object is at fault, and not the object: nothing is refused, a later run lands it."""
    project = Project(program, folder / f"{store.name}-unkept", store, "exports/2026/*.csv")
    spool = project.folder / "warehouse/.spool"
    spool.parent.mkdir()
    spool.write_text("in the way")
    contains(project.ask("run", status=74), "source `tickets` cannot be kept on this machine", "has room")
    spool.unlink()
    project.run()
    assert int(project.rows("SELECT count(*) AS n FROM raw.tickets")[0]["n"]) > 0


def refusals(program, folder, store):
    """Every failure names the place and says what to check."""
    project = Project(program, folder / f"{store.name}-refusals", store, "nothing/*.csv")
    contains(project.ask("run", status=4), "no file below", store.url("").rstrip("/"), "nothing/*.csv")
    project.name_files(f"{store.scheme}://nosuchbucket/x/*.csv")
    said = project.ask("run", status=3)
    contains(said, f"{store.scheme}://nosuchbucket/x/*.csv", "is not there", "check the spelling")
    store.put("empty/tickets.csv", b"")
    project.name_files(store.url("empty/*.csv"))
    contains(project.ask("run", status=3), store.url("empty/tickets.csv"), "it is empty")
    project.name_files(f"{store.scheme}://user:{STRAY}@{store.bucket}/*.csv")
    contains(project.ask("run", status=2), "it holds a user, a password or a signature")

    endpoint = {"s3": "AWS_ENDPOINT", "gs": "GOOGLE_BASE_URL", "az": "AZURE_ENDPOINT"}[store.name]
    project.name_files(store.url("exports/2026/*.csv"))
    said = project.ask("run", status=3, **{endpoint: "http://storage.example"})
    contains(said, "without TLS", "storage.example")
    closed = f"http://127.0.0.1:{free_port()}" + ("/devstoreaccount1" if store.name == "az" else "")
    said = project.ask("run", status=74, **{endpoint: closed})
    contains(said, store.url("exports/2026/*.csv"), "gave no answer in three tries", endpoint)
    assert project.seconds < 60, f"giving up took {project.seconds} s"


class Reader(threading.Thread):
    """Follows what leads to the newest page, again and again, and keeps what it saw and what it missed."""

    def __init__(self, store):
        super().__init__(daemon=True)
        self.store, self.seen, self.missed, self.is_done = store, [], [], threading.Event()

    def run(self):
        while not self.is_done.is_set():
            try:
                self.follow()
            except Exception as error:
                self.missed.append(repr(error))

    def follow(self):
        path, before = "site/scorecard/index.html", None
        while True:
            found = self.store.get(path)
            if found is None:
                # Before anything is published there is nothing; later, whatever is led to is there.
                if before or self.seen:
                    self.missed.append(path)
                return
            before, text = path, found[0].decode()
            if 'http-equiv="refresh"' not in text:
                break
            path = path.rsplit("/", 1)[0] + "/" + text.split("url=")[1].split('"')[0]
        if not text.rstrip().endswith("</html>"):
            self.missed.append(f"half of {path}")
        self.seen.append(int(path.split("/r")[-1].split("/")[0]))


def publishes(program, folder, store):
    """Pages are published whole, before what leads to them, by runs that are killed too."""
    project = Project(program, folder / f"{store.name}-site", store, "nothing/*.csv")
    shutil.rmtree(project.folder)
    shutil.copytree(Path(__file__).parent / "scenarios/base", project.folder)
    settings = project.folder / "scorewright.toml"
    settings.write_text(settings.read_text() + f'\n[publish]\nto = "{store.url("site")}"\n')
    reader = Reader(store)
    reader.start()
    try:
        contains(project.run(), "1 page published")
        seconds, week = project.seconds, "site/scorecard/2026-W47"
        for number in range(8):
            rows = f"Ticket,Team,Opened,Rating\nT9{number:02d},Billing,2026-11-18 09:00:00,{number % 5 + 1}\n"
            (project.folder / f"extracts/tickets_9{number}.csv").write_text(rows)
            if number % 2:
                project.kill_run(seconds * (0.5 + number / 14))
            project.run()
            pages = project.folder / "out/pages/scorecard/2026-W47"
            newest = json.loads((pages / "scorecard.json").read_text())["revision"]
            expect(newest, number + 2, "revisions")
            for page in pages.iterdir():
                found = store.get(f"{week}/r{newest}/{page.name}")
                expect(found[0] if found else None, page.read_bytes(), f"{page.name} as it is here")
        contains(project.run(), "nothing new")
    finally:
        reader.is_done.set()
        reader.join(30)
    expect(reader.missed[:3], [], "what a reader was led to and did not find")
    expect(reader.seen, sorted(reader.seen), "revisions in the order that a reader saw them")
    expect(reader.seen[-1] if reader.seen else 0, 9, "the last revision that a reader saw")
    assert len(set(reader.seen)) > 3, f"a reader saw only {set(reader.seen)}"
    for key, kept in [(f"{week}/r1/scorecard.html", None), (f"{week}/index.html", "no-cache")]:
        expect(store.get(key)[1:], ("text/html; charset=utf-8", kept), f"how {key} is given")
    expect(store.get(f"{week}/r1/scorecard.json")[1], "application/json", "the media type of JSON")

    endpoint = {"s3": "AWS_ENDPOINT", "gs": "GOOGLE_BASE_URL", "az": "AZURE_ENDPOINT"}[store.name]
    closed = f"http://127.0.0.1:{free_port()}" + ("/devstoreaccount1" if store.name == "az" else "")
    (project.folder / "extracts/tickets_99.csv").write_text("Ticket,Team,Opened,Rating\nT999,Billing,2026-11-18 09:00:00,1\n")
    said = project.ask("run", "--as-of", "2026-11-23", status=5, **{endpoint: closed})
    contains(said, f"site to {store.url('site')}/scorecard/2026-W47", "gave no answer in three tries")
    contains(project.ask("status", status=5), "gave no answer in three tries")
    contains(project.run(), "1 page published")
    assert store.get(f"{week}/r10/scorecard.html"), "what waited is there"


def amazon_refusals(program, folder, store):
    project = Project(program, folder / "s3-forbidden", store, "exports/2026/*.csv")
    # From here on the server believes nobody it has not been told of.
    url = store.environment["AWS_ENDPOINT"] + "/moto-api/reset-auth"
    urllib.request.urlopen(urllib.request.Request(url, b"0", {"Content-Type": "text/plain"}))
    said = project.ask("run", status=3)
    contains(said, store.url("exports/2026/*.csv"), "may not be read", "InvalidAccessKeyId", "AWS_ACCESS_KEY_ID")


def google_refusals(program, folder, store):
    project = Project(program, folder / "gs-forbidden", store, "exports/2026/*.csv")
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    account = json.loads(store.account.read_text()) | {"private_key": stranger.decode()}
    of_a_stranger = folder / "stranger.json"
    of_a_stranger.write_text(json.dumps(account))
    said = project.ask("run", status=3, GOOGLE_SERVICE_ACCOUNT=str(of_a_stranger))
    contains(said, store.url("exports/2026/*.csv"), "may not be read", "GOOGLE_APPLICATION_CREDENTIALS")
    assert "PRIVATE KEY" not in said, said


def azure_refusals(program, folder, store):
    project = Project(program, folder / "az-forbidden", store, "exports/2026/*.csv")
    wrong = base64.b64encode(b"another key").decode()
    said = project.ask("run", status=3, AZURE_STORAGE_ACCOUNT_KEY=wrong)
    contains(said, "may not be read", "AZURE_STORAGE_ACCOUNT_NAME")
    assert wrong not in said, said


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("--azurite", default=shutil.which("azurite-blob"))
    parser.add_argument("--without", action="append", default=[], choices=["s3", "gs", "az"])
    options = parser.parse_args()
    more = {
        "s3": [publishes, amazon_refusals],
        "gs": [publishes, google_refusals],
        "az": [publishes, azure_refusals],
    }
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for store in [Amazon(), Google(), Azure()]:
            if store.name in options.without:
                print(f"{store.name}: left out, as asked")
                continue
            try:
                store.start(folder, options.azurite)
                for promise in [lands, mends, arrives, large, unkept, refusals, *more[store.name]]:
                    promise(options.program.resolve(), folder, store)
                    print(f"{store.name}: {promise.__name__.replace('_', ' ')}: as promised", flush=True)
            finally:
                if hasattr(store, "server"):
                    store.server.stop()


main()
