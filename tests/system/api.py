"""tests/system/api.py: the desk's description as a source of requests, good and bad, and a client to send them."""

import http.client
import json
import re
import socket
import time
import uuid

import jsonschema

JSON, PROBLEM = "application/json", "application/problem+json"
BODY_MAX = 256 * 1024
IDLE_S = 10  # after 30 the desk ends a connection
REFUSED = "#/components/responses/Refused"


class Desk:
    """A client of one desk, on one connection for as long as that lasts.

    PATIENT: it waits when it is told to, and begins anew where the desk has ended what was idle.
    """

    def __init__(self, path, headers=None, patient=False):
        self.path, self.headers, self.connection, self.asked = str(path), headers or {}, None, 0
        self.patient, self.used = patient, 0

    def connect(self):
        stream = socket.socket(socket.AF_UNIX)
        stream.settimeout(20)
        stream.connect(self.path)
        return stream

    def patiently(self, ask, *how):
        """What ASK answers; a desk that was asked too much says for how long it is to be left alone."""
        while (answer := ask(*how)).code == 429 and self.patient:
            time.sleep(int(answer.headers["Retry-After"]))
        return answer

    def ask(self, method, target, body=None, headers=None):
        return self.patiently(self.ask_once, method, target, body, headers)

    def raw(self, data, more=()):
        return self.patiently(self.raw_once, data, more)

    def ask_once(self, method, target, body=None, headers=None):
        """The answer's code, headers and body; BODY are bytes, or a value to send as JSON."""
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
        headers = {**({"Content-Type": JSON} if body is not None else {}), **self.headers, **(headers or {})}
        if self.patient and time.monotonic() - self.used > IDLE_S:
            self.close()
        self.used = time.monotonic()
        if self.connection is None:
            self.connection = http.client.HTTPConnection("localhost")
            self.connection.sock = self.connect()
        self.asked += 1
        try:
            self.connection.request(method, target, body, {k: v for k, v in headers.items() if v is not None})
            answer = self.connection.getresponse()
            said = answer.read()
        except (BrokenPipeError, ConnectionResetError, http.client.BadStatusLine):
            self.close()
            raise
        if answer.will_close:
            self.close()
        return Answer(answer.status, answer.headers, said)

    def raw_once(self, data, more=()):
        """The answer to bytes as they are, but for who asks; MORE are sent one by one after them."""
        said = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items()).encode()
        data = data.replace(b"Host: d\r\n", b"Host: d\r\n" + said, 1)
        with self.connect() as stream:
            try:
                for piece in (data, *more):
                    stream.sendall(piece)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the answer says why
            answer = http.client.HTTPResponse(stream)
            answer.begin()
            return Answer(answer.status, answer.headers, answer.read())

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class Answer:
    def __init__(self, code, headers, body):
        self.code, self.headers, self.body = code, headers, body

    @property
    def type(self):
        return (self.headers.get("Content-Type") or "").split(";")[0]

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.code} {self.type} {self.body[:400]!r}"


class Operation:
    def __init__(self, description, path, method, item, said):
        self.path, self.method, self.said = path, method.upper(), said
        self.id = said["operationId"]
        every = [description.follow(p) for p in [*item.get("parameters", []), *said.get("parameters", [])]]
        self.places = {p["name"]: p["schema"] for p in every if p["in"] == "path"}
        self.query = {p["name"]: p["schema"] for p in every if p["in"] == "query"}
        body = said.get("requestBody")
        # Raw bytes (a document's) have no schema: such a body is none here.
        self.body = description.follow(body)["content"].get(JSON, {}).get("schema") if body else None

    def target(self, places):
        return re.sub(r"{(\w+)}", lambda found: str(places[found.group(1)]), self.path)


class Description:
    """openapi.json, read as the program gave it."""

    def __init__(self, document):
        self.document = document
        self.resolver = jsonschema.RefResolver("", document)
        self.operations = {}
        for path, item in document["paths"].items():
            for method, said in item.items():
                if method in ("get", "post", "put", "patch", "delete"):
                    operation = Operation(self, path, method, item, said)
                    self.operations[operation.id] = operation

    def follow(self, value):
        """VALUE, or what its $ref leads to, with what stands beside the $ref."""
        while "$ref" in value:
            beside = {k: v for k, v in value.items() if k != "$ref"}
            value = {**self.resolver.resolve(value["$ref"])[1], **beside}
        return value

    def methods(self, target):
        """The methods of all paths that TARGET fits; a name is less than a word in its place."""
        fitting = [p for p in self.document["paths"] if re.fullmatch(re.sub(r"{\w+}", "[^/]+", p), target)]
        return {m.upper() for p in fitting for m in self.document["paths"][p] if m in ("get", "post", "put", "delete")}

    # ---- what an answer must be ------------------------------------------------------------
    def check(self, value, schema):
        jsonschema.Draft202012Validator(
            schema, resolver=self.resolver, format_checker=jsonschema.FormatChecker()).validate(value)

    def check_good(self, operation, answer):
        codes = {c: self.follow(r) for c, r in operation.said["responses"].items() if c != "default"}
        assert str(answer.code) in codes, f"{operation.id}: {answer}"
        content = codes[str(answer.code)].get("content", {})
        if not content:
            assert answer.body == b"", answer
            return None
        assert answer.type in content, f"{operation.id}: {answer}"
        if answer.type != JSON:
            return answer.body
        self.check(answer.json, content[JSON]["schema"])
        return answer.json

    def check_problem(self, answer, *codes):
        """A problem as described, of the client's making."""
        assert answer.type == PROBLEM, answer
        self.check(answer.json, self.follow({"$ref": REFUSED})["content"][PROBLEM]["schema"])
        assert answer.json["status"] == answer.code and 400 <= answer.code < 500, answer
        assert not codes or answer.code in codes, answer
        return answer.json

    # ---- good values -----------------------------------------------------------------------
    def properties(self, schema):
        """Properties and names of required ones of an object's schema, its parts (allOf) included."""
        schema = self.follow(schema)
        properties, required = dict(schema.get("properties", {})), list(schema.get("required", []))
        for part in schema.get("allOf", []):
            more, needed = self.properties(part)
            properties.update(more)
            required += needed
        return properties, required

    def sample(self, schema):
        """A value that the schema takes: what is required, and no more."""
        schema = self.follow(schema)
        for name in ("const", "default"):
            if name in schema:
                return schema[name]
        if "enum" in schema:
            return schema["enum"][0]
        for name in ("oneOf", "anyOf"):
            if name in schema:
                return self.sample(schema[name][0])
        kind = schema.get("type", "object")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object":
            properties, required = self.properties(schema)
            return {name: self.sample(properties[name]) for name in required}
        if kind == "array":
            return [self.sample(schema["items"])] * max(1, schema.get("minItems", 0))
        if kind in ("integer", "number"):
            return schema.get("minimum", 1)
        if kind == "boolean":
            return True
        if schema.get("format") == "date":
            return "2036-03-03"
        if schema.get("format") == "date-time":
            return "2026-01-01T00:00:00Z"
        if str(schema.get("pattern")).startswith("^[0-9a-f]{"):
            return uuid.uuid4().hex
        return "invented"[:schema.get("maxLength", 8)].ljust(schema.get("minLength", 1), "a")

    def samples(self, schema):
        """Every word of a list, both ends of a range; of anything else one."""
        schema = self.follow(schema)
        if schema.get("type") == "integer":
            return [schema["minimum"], schema["maximum"]]
        return schema.get("enum") or [self.sample(schema)]

    # ---- bad values ------------------------------------------------------------------------
    def wrong(self, schema):
        """Values of one property that the schema does not take."""
        schema = self.follow(schema)
        while "anyOf" in schema:
            schema = self.follow(schema["anyOf"][0])  # null is the other, and is taken
        kinds = "boolean" if isinstance(schema.get("const"), bool) else schema.get("type", [])
        kinds = {kinds} if isinstance(kinds, str) else set(kinds)
        if "enum" in schema and not kinds:
            kinds = {"string"}
        others = {"string": "x", "integer": 7, "number": 1.5, "boolean": True, "array": [[]], "object": {"x": 1}}
        for kind, value in others.items():
            if kind not in kinds and not (kind == "integer" and "number" in kinds):
                yield value
        if "string" in kinds:
            yield from self.wrong_texts(schema)
        if "integer" in kinds:
            yield schema.get("minimum", 0) - 1
            yield schema["maximum"] + 1 if "maximum" in schema else 2 ** 63
        if "array" in kinds:
            items = self.follow(schema["items"])
            yield [7]
            if "maxItems" in schema:
                yield [self.sample(items)] * (schema["maxItems"] + 1)
            if "enum" in items:
                yield ["none_of_these"]
        if "object" in kinds:
            yield {"no_such_member": "x"}
            for name, inner in self.properties(schema)[0].items():
                for value in self.wrong(inner):
                    yield {name: value}

    def wrong_texts(self, schema):
        if "enum" in schema:
            yield "none_of_these"
        if schema.get("format") in ("date", "date-time"):
            yield from ("yesterday", "2027-02-30", "2027-02-30T00:00:00Z")
        if "pattern" in schema:
            yield "?" * 32
        if "maxLength" in schema:
            yield "a" * (schema["maxLength"] + 1)

    def wrong_queries(self, operation):
        """Query strings that the operation does not take."""
        yield from ("no_such_name=1", "=1", "x", "&", "%00=1", "%ff=%fe")
        for name, schema in operation.query.items():
            schema = self.follow(schema)
            good = self.sample(schema)
            yield from (f"{name}={good}&{name}={good}", name, f"{name}=", f"{name}=%00", f"%{ord(name[0]):02x}{name[1:]}")
            if schema.get("type") == "integer":
                for number in (schema["minimum"] - 1, schema["maximum"] + 1, "1.0", "1e2", "+1", "0x10", "９", "9" * 30):
                    yield f"{name}={number}"
            if name == "after":
                for cursor in ("x", "0", "t", "-1", "'", "t" + "f" * 16, "0" * 64, "a" * 4000):
                    yield f"{name}={cursor}"
            for text in self.wrong_texts(schema):
                yield f"{name}={text}"

    def wrong_bodies(self, operation, good):
        """Bodies at fault with what they are, GOOD being one that would be taken."""
        text = json.dumps(good).encode()
        yield from ((f"malformed: {bad[:20]}", bad) for bad in (
            b"", b" ", b"{", b"}", b"null", b"7", b"[]", b'"x"', b"{]", b"{'a':1}", b'{"a":1,}', b'{"a" 1}', text + b"x",
            text + text, text[:-1], b"\xef\xbb\xbf" + text, b"\x00" + text, text + b"\x00", text.decode().encode("utf-16"),
            b'{"a":01}', b'{"a":+1}', b'{"a":NaN}', b'{"a":tru}', b'{"a":"\n"}', b"[" * 20000, b'{"a":' * 20000,
            b'{"a":' + b"[" * 20000 + b"]" * 20000 + b"}"))
        yield "doubled", text[:-1] + (b"," if good else b"") + b'"twice":1,"twice":1}'
        for number in (b"1e999", b"-1e999", b"1" + b"0" * 400, b"18446744073709551616", b"9223372036854775808"):
            yield "a huge number", text[:-1] + (b"," if good else b"") + b'"number":' + number + b"}"
        properties, required = self.properties(operation.body)
        if not self.follow(operation.body).get("additionalProperties"):
            yield "an additional member", {**good, "no_such_member": "x"}
            yield "an additional member", {**good, "": "x"}
            yield "an additional member", {**good, "a" * 10000: "x"}
        for name in required:
            yield f"{name} is missing", {k: v for k, v in good.items() if k != name}
            yield f"{name} is null", {**good, name: None}
        for name, schema in properties.items():
            for value in self.wrong(schema):
                yield f"{name}: {str(value)[:40]}", {**good, name: value}
            if "string" in str(self.follow(schema).get("type", "string")):
                rest = json.dumps({k: v for k, v in good.items() if k != name}).encode()[:-1]
                rest += (b"," if len(rest) > 1 else b"") + json.dumps(name).encode() + b":"
                for bad in (b'"a\\u0000b"', b'"a\x00b"', b'"a\x01b"', b'"\xc3\x28"', b'"\xed\xa0\x80"', b'"\\ud800"',
                            b'"\xc0\xaf"', b'"\xf5\x80\x80\x80"', b'"\\x41"', b'"a'):
                    yield f"{name}: {bad}", rest + bad + b"}"

    def wrong_places(self, operation, places):
        """Paths where one name is guessed, misshapen or written in some other way."""
        for name in operation.places:
            good = str(places[name])
            # Where a beginning may stand for the whole, one digit less is right, too.
            shorter = "-" if self.follow(operation.places[name]).get("pattern") == "^[0-9a-f]{8,32}$" else good[:-1]
            for bad in (uuid.uuid4().hex, good + "0", shorter, "%" + f"{ord(good[0]):02x}" + good[1:], good + "%00",
                        good + "%20", "%2e%2e", "..", ".", "%2f" + good, good + "%2f", good + ";x=1", "%", "%zz", "%ff",
                        "-", "'", "a" * 65, "a" * 3000, "*", good + "\\"):
                yield operation.target({**places, name: bad})


# What the service writes by itself: the log's proofs, its keys and what the broker said.
OF_ITSELF = {"proofs", "statements", "notes", "epochs", "links", "evidence", "problems", "unproven"}


def database_counts(path, connect):
    """How many rows each table has that a person's act may write to."""
    database = connect(f"file:{path}?mode=ro", uri=True)
    try:
        tables = {t for t, in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")} - OF_ITSELF
        return {t: database.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in sorted(tables)}
    finally:
        database.close()
