"""Reads vectors/*.json with Python's standard library alone: own CBOR, Ed25519, AES-GCM, HKDF.

It shares no code with the crate: it is written from SPEC.md. X-Wing boxes are read as structure only.
Usage: decode_vectors.py VECTORS_FOLDER WORDS_RS
"""
import hashlib
import hmac
import json
import pathlib
import re
import sys

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def sha(data):
    return hashlib.sha256(data).digest()


def hkdf(salt, key, info, length=32):
    prk = hmac.new(salt or bytes(32), key, "sha256").digest()
    out, block, n = b"", b"", 1
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([n]), "sha256").digest()
        out, n = out + block, n + 1
    return out[:length]


# --- CBOR: decoding, strict deterministic form (N1) ---


def cbor(data):
    value, end = cbor_item(data, 0)
    assert end == len(data), "bytes after the end"
    return value


def cbor_item(data, at):
    major, small = data[at] >> 5, data[at] & 31
    at += 1
    if major == 7:
        assert small in (20, 21), "only false and true"
        return small == 21, at
    number = small
    if small >= 24:
        assert small <= 27, "definite lengths"
        width = 1 << (small - 24)
        number = int.from_bytes(data[at:at + width], "big")
        assert number >= (24 if width == 1 else 1 << (4 * width)), "shortest integers"
        at += width
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major in (2, 3):
        raw = data[at:at + number]
        assert len(raw) == number, "cut"
        return (raw if major == 2 else raw.decode()), at + number
    if major == 4:
        items = []
        for _ in range(number):
            item, at = cbor_item(data, at)
            items.append(item)
        return items, at
    assert major == 5, "no tags"
    result, last = {}, -1
    for _ in range(number):
        key, at = cbor_item(data, at)
        assert isinstance(key, int) and key > last, "integer keys ascending"
        result[key], at = cbor_item(data, at)
        last = key
    return result, at


def byte_string(data):
    n = len(data)
    head = bytes([0x40 + n]) if n < 24 else bytes([0x58, n]) if n < 256 else b"\x59" + n.to_bytes(2, "big")
    return head + data


# --- Ed25519, verification (RFC 8032) ---

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def point_add(a, b):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    e, f = (y1 - x1) * (y2 - x2), (y1 + x1) * (y2 + x2)
    c, d = 2 * t1 * t2 * D, 2 * z1 * z2
    g, h, i, j = f - e, d - c, d + c, f + e
    return g * h % P, i * j % P, h * i % P, g * j % P


def point_times(n, point):
    result = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = point_add(result, point)
        point, n = point_add(point, point), n >> 1
    return result


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if x * x % P != x2:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert x * x % P == x2, "no point"
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point(bytes.fromhex("58" + "66" * 31))


def check_signature(key, domain, body, signature):
    message = domain.encode() + b"\0" + body
    s = int.from_bytes(signature[32:], "little")
    assert s < L
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    x1, y1, z1, _ = point_times(s, BASE)
    x2, y2, z2, _ = point_add(point(signature[:32]), point_times(k, point(key)))
    assert (x1 * z2 - x2 * z1) % P == 0 and (y1 * z2 - y2 * z1) % P == 0, "signature"


def envelope(data, key, domain):
    outer = cbor(data)
    assert set(outer) == {0, 1, 2} and outer[0] == 1, "envelope"
    check_signature(key, domain, outer[1], outer[2])
    return cbor(outer[1])


# --- AES-256-GCM (FIPS 197, SP 800-38D) ---


def make_sbox():
    power, log, x = [0] * 255, [0] * 256, 1
    for i in range(255):
        power[i], log[x] = x, i
        x ^= (x << 1) ^ (0x11B if x & 0x80 else 0)
        x &= 0xFF
    box = []
    for i in range(256):
        v = power[(255 - log[i]) % 255] if i else 0
        box.append(v ^ 0x63 ^ (v << 1 | v >> 7) & 255 ^ (v << 2 | v >> 6) & 255 ^ (v << 3 | v >> 5) & 255 ^ (v << 4 | v >> 4) & 255)
    return box


SBOX = make_sbox()


def double(x):
    return (x << 1 ^ (0x1B if x & 0x80 else 0)) & 0xFF


def aes_rounds(key):
    words, rcon = [list(key[i:i + 4]) for i in range(0, 32, 4)], 1
    for i in range(8, 60):
        word = words[-1]
        if i % 8 == 0:
            word = [SBOX[b] for b in word[1:] + word[:1]]
            word[0] ^= rcon
            rcon = double(rcon)
        elif i % 8 == 4:
            word = [SBOX[b] for b in word]
        words.append([a ^ b for a, b in zip(words[i - 8], word)])
    return [sum(words[i:i + 4], []) for i in range(0, 60, 4)]


def aes_block(rounds, block):
    s = [a ^ b for a, b in zip(block, rounds[0])]
    for n, key in enumerate(rounds[1:], 1):
        s = [SBOX[s[(i + 4 * (i % 4)) % 16]] for i in range(16)]
        if n < 14:
            mixed = []
            for c in range(0, 16, 4):
                col = s[c:c + 4]
                whole = col[0] ^ col[1] ^ col[2] ^ col[3]
                mixed += [col[i] ^ whole ^ double(col[i] ^ col[(i + 1) % 4]) for i in range(4)]
            s = mixed
        s = [a ^ b for a, b in zip(s, key)]
    return bytes(s)


def gcm_open(key, nonce, aad, sealed):
    rounds, text, tag = aes_rounds(key), sealed[:-16], sealed[-16:]
    h = int.from_bytes(aes_block(rounds, bytes(16)), "big")

    def times_h(x):
        z, v = 0, h
        for i in range(127, -1, -1):
            if x >> i & 1:
                z ^= v
            v = v >> 1 ^ (0xE1 << 120 if v & 1 else 0)
        return z

    y = 0
    blocks = aad + bytes(-len(aad) % 16) + text + bytes(-len(text) % 16)
    blocks += (8 * len(aad)).to_bytes(8, "big") + (8 * len(text)).to_bytes(8, "big")
    for i in range(0, len(blocks), 16):
        y = times_h(y ^ int.from_bytes(blocks[i:i + 16], "big"))
    mask = aes_block(rounds, nonce + b"\0\0\0\1")
    assert bytes(a ^ b for a, b in zip(y.to_bytes(16, "big"), mask)) == tag, "AES-GCM tag"
    stream = b"".join(aes_block(rounds, nonce + (i + 2).to_bytes(4, "big")) for i in range((len(text) + 15) // 16))
    return bytes(a ^ b for a, b in zip(text, stream))


# --- the formats ---


def class_open(key, label, aad, sealed):
    assert sealed[0] == 1, "A1"
    derived = hkdf(sealed[1:17], key, label, 44)
    return gcm_open(derived[:32], derived[32:], aad, sealed[17:])


def code_bytes(code):
    digits = [CROCKFORD.index(c) for c in code]
    number = 0
    for digit in digits:
        number = number * 32 + digit
    assert number % 1021 == 1 and digits[-2] * 32 + digits[-1] < 1021, "P1"
    return (number >> 10).to_bytes((len(code) - 2) * 5 // 8, "big")


def encrypted_file(v, x):
    key, salt = x("file_key"), x("salt")
    for case in v["cases"]:
        header, n = bytes.fromhex(case["header"]), case["plain_len"]
        commitment = hkdf(salt, key, b"ratsmappe/file/commitment/1")
        assert header == b"RATSFILE\1\x10" + bytes(6) + salt + commitment + n.to_bytes(8, "big") + bytes(8), "E1, E2"
        count = max(1, -(-n // 65536))
        assert case["ciphertext_len"] == 80 + n + 16 * count, "E3"
        if case["chunks"] is None:
            continue
        chunks = bytes.fromhex(case["chunks"])
        assert sha(header + chunks).hex() == case["blob_id"], "E5"
        content = hkdf(salt, key, b"ratsmappe/file/content/1")
        plain = gcm_open(content, bytes(11) + b"\1", sha(header), chunks)
        assert plain == bytes(i % 251 for i in range(n)), "E4"


def class_key(v, x):
    key = x("class_key")
    for name, label, aad, plain, sealed in (
        ("payload", b"payload/1", "context", "plain", "sealed"),
        ("file_key", b"file-key/1", "context", "file_key", "wrapped"),
        ("local", b"local/1/quote", "aad", "plain", "sealed"),
    ):
        part = {k: bytes.fromhex(t) for k, t in v[name].items() if k != "purpose"}
        opened = class_open(key, b"ratsmappe/class/" + label, part[aad], part[sealed])
        assert opened == part[plain], name
    assert set(cbor(bytes.fromhex(v["payload"]["context"]))) == {0, 1, 2, 3, 4, 5}, "A2"
    assert set(cbor(bytes.fromhex(v["file_key"]["context"]))) == {0, 1, 2, 3}, "A3"
    database = hkdf(b"\xc0" * 16, key, b"ratsmappe/class/database/1" + b"\xa0" * 16)
    assert database == x("database_key"), "A5"


def search_key(_, x):
    derived = hkdf(b"\xc0" * 16, x("class_key"), b"ratsmappe/class/search/1" + b"\xa0" * 16)
    assert derived == x("search_key"), "A6"


def server_database_key(_, x):
    for file, name in ((b"server.db", "server_db"), (b"oparl.db", "oparl_db")):
        derived = hkdf(b"", x("master_key"), b"ratsmappe/server/database/1/" + file)
        assert derived == x(name), "A7"


def model(v, _):
    names = "Body Organization Person Membership LegislativeTerm Meeting AgendaItem Paper Consultation File".split()
    assert [o["name"] for o in v["objects"]] == names, "M1"
    for number, item in enumerate(v["objects"], 1):
        assert item["kind"] == number, "M1"
        assert cbor(bytes.fromhex(item["payload"]))[0].hex() == item["id"], "M3"


def chain_header(data):
    outer = cbor(data)
    assert set(outer) == {0, 1} and outer[0] == 1, "C2"
    return outer[1]


def entry_hash(header):
    return sha(b"ratsmappe/entry/1\0" + header)


def chain(v, x):
    for page, erased in (("page", []), ("page_with_entry_2_erased", [2])):
        previous = bytes(32)
        entries = cbor(x(page))[0]
        assert len(entries) == len(v["positions"])
        for seq, (entry, position) in enumerate(zip(entries, v["positions"]), 1):
            header = chain_header(entry[0])
            assert header[0] == x("audience") and header[1] == seq and header[2] == previous, "C1, C3"
            previous = entry_hash(entry[0])
            assert position == {"seq": seq, "hash": previous.hex()}, "C2"
            assert (9 in header) == (10 in header), "C2"
            if header[3] == 1 or seq in erased:
                assert 1 not in entry and 2 not in entry, "C5, C7"
                continue
            assert sha(entry[1]) == header[8] and (2 in entry) == (9 in header), "C5"
            assert 2 not in entry or sha(entry[2]) == header[9], "C5"
            keys = (x("council"), header[0], header[4], header[5], header[6], header[7])
            context = b"\xa6" + b"".join(
                bytes([i]) + (byte_string(k) if isinstance(k, bytes) else bytes([k])) for i, k in enumerate(keys)
            )
            payload = class_open(x("class_key"), b"ratsmappe/class/payload/1", context, entry[1])
            assert cbor(payload)[0] == header[5], "M3"


def snapshot(v, x):
    outer = cbor(x("signed"))
    check_signature(x("feed_key"), "ratsmappe/snapshot/1", sha(outer[1]), outer[2])
    body = cbor(outer[1])
    assert (body[0], body[1], body[2]) == (x("council"), x("audience"), v["generation"]), "S2"
    assert {"seq": body[3], "hash": body[4].hex()} == v["position"], "S4"
    assert all(chain_header(e[0])[3] == 0 and sha(e[1]) == chain_header(e[0])[8] for e in body[5]), "S3"


def head(v, x):
    body = envelope(x("signed"), x("feed_key"), "ratsmappe/head/1")
    assert (body[0], body[1], body[2], body[3]) == (x("council"), x("device"), v["generation"], v["counter"]), "H3"
    ids = [a[0] for a in body[6]]
    assert ids == sorted(set(ids)) and body[5] > body[4], "H2"
    assert body.get(7) == v.get("confirmed_at_ms"), "H9"


def root(v, x):
    body = envelope(x("signed"), x("root_key"), "ratsmappe/root/1")
    assert body[2] == x("root_key") and body[1] == v["name"], "R1"
    assert all(len(spki) == 32 for spki in body[5])


def key_box(_, x):
    assert len(x("public_key")) == 1216, "K4"
    (box,) = cbor(x("boxes"))[0]
    context = cbor(x("context"))
    assert (context[2], context[3]) == (box[0], box[1]), "K2"
    assert len(box[2]) == 1169 and box[2][0] == 1, "K1"


def pairing(v, x):
    code = code_bytes(v["code"])
    assert code == x("code_bytes") and v["code_shown"].replace("-", "") == v["code"], "P1"
    identity = hkdf(b"", code, b"ratsmappe/pair/invitation-id/1", 16)
    start, hello, finish = cbor(x("start")), cbor(x("hello")), cbor(x("finish"))
    assert identity == start[0] == x("invitation_id"), "P2"
    body = b"\xa4\0" + x("start") + b"\1" + byte_string(hello[0]) + b"\2" + byte_string(hello[1]) + b"\3" + byte_string(hello[2])
    transcript = sha(b"ratsmappe/pair/transcript/1\0" + body)
    assert transcript == x("transcript"), "P3"
    for mac, name in ((hello[3], b"server"), (finish[1], b"client")):
        key = hkdf(b"", code, b"ratsmappe/pair/" + name + b"-mac/1")
        assert hmac.new(key, transcript, "sha256").digest() == mac, "P4, P5"
    body = cbor(cbor(hello[0])[1])
    envelope(hello[0], body[2], "ratsmappe/root/1")
    words = re.findall(r'"(\w+)"', pathlib.Path(sys.argv[2]).read_text())
    assert len(words) == 256
    numbers = hashlib.pbkdf2_hmac("sha256", transcript, hkdf(b"", code, b"ratsmappe/pair/words/1"), 100_000, 4)
    assert [words[n] for n in numbers] == v["words"], "P6"


def recovery(v, x):
    code = code_bytes(v["code"])
    assert code == x("code_bytes") and v["code_shown"].replace("-", "") == v["code"], "D1"
    assert hkdf(x("salt"), code, b"ratsmappe/recovery/slot/1") == x("slot_key"), "D2"


def request(v, x):
    import base64

    for case in v["cases"]:
        digest = "sha-256=:" + base64.b64encode(sha(case["body"].encode())).decode() + ":"
        path, _, query = case["path_and_query"].partition("?")
        parameters = '("@method" "@path" "@query" "content-digest")'
        parameters += f';created={v["created_at_ms"] // 1000};keyid="{v["device"]}";nonce="{v["nonce"]}";alg="ed25519"'
        assert case["headers"]["signature-input"] == "sig1=" + parameters, "Q1"
        assert case["headers"]["content-digest"] == digest, "Q1"
        lines = [("@method", case["method"]), ("@path", path), ("@query", "?" + query)]
        lines += [("content-digest", digest), ("@signature-params", parameters)]
        base = "\n".join(f'"{name}": {value}' for name, value in lines)
        signature = re.fullmatch("sig1=:(.*):", case["headers"]["signature"]).group(1)
        check_signature(x("device_key"), "ratsmappe/request/1", base.encode(), base64.b64decode(signature))


def receipt(_, x):
    body = envelope(x("signed"), x("device_key"), "ratsmappe/receipt/1")
    assert (body[0], body[1]) == (x("council"), x("device")) and set(body) == set(range(6)), "V1"


# --- the faction space ---


def encode(value):
    """Deterministic CBOR of numbers, byte strings, texts, lists and maps with integer keys."""

    def head(major, n):
        for width, small in ((1, 24), (2, 25), (4, 26), (8, 27)):
            if n < 24:
                return bytes([major << 5 | n])
            if n < 1 << (8 * width):
                return bytes([major << 5 | small]) + n.to_bytes(width, "big")
        raise ValueError(n)

    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(encode, value))
    return head(5, len(value)) + b"".join(encode(k) + encode(value[k]) for k in sorted(value))


def label(name):
    return b"ratsmappe/faction/" + name + b"/1"


def unpadded(data):
    n = int.from_bytes(data[:4], "big")
    least = max(4 + n, 256)
    e = least.bit_length() - 1
    mask = (1 << (e - e.bit_length())) - 1
    assert len(data) == least + mask & ~mask and not any(data[4 + n:]), "F16"
    return data[4:4 + n]


def padded_open(key, name, aad, sealed):
    return unpadded(class_open(key, label(name), aad, sealed))


def faction_claim(claim, space, person):
    statement = {1: person, 2: claim[0], 3: claim[1], 4: claim[2], 5: claim[3]}
    if space:
        statement[0] = space
    assert len(claim[2]) == 1216, "F3"
    check_signature(claim[1], "ratsmappe/faction/device/1", encode(statement), claim[4])


def faction_roster(v, x):
    space, seeds = x("faction"), [bytes.fromhex(s) for s in v["seeds"]]
    keys, heads, previous, epoch = {}, [], bytes(32), 1

    def commitment(n):
        return hkdf(b"", seeds[n - 1], label(b"commitment"))

    def name(kind, owner, sealed):
        return padded_open(seeds[epoch - 1], b"name", bytes([kind]) + owner, sealed).decode()

    def device(record, person, faction):
        faction_claim(record[0], faction, person)
        keys[record[0][0]] = record[0][1]
        assert name(2, record[0][0], record[1]) == "Tablet", "F12"

    for place, link in enumerate(map(bytes.fromhex, v["links"]), 1):
        body = cbor(cbor(link)[1])
        details = cbor(body[6])
        if place == 1:
            assert 0 not in body and body[5] == 1 and details[0] == 1, "F5, F6"
            device(details[4], details[2], None)
            assert details[5] == commitment(1) and name(0, b"", details[1]) == v["name"], "F5"
            shown = sha(label(b"fingerprint") + b"\0" + details[4][0][1] + details[4][0][2]).hex()[:32]
            assert v["fingerprint_shown"].replace(" ", "") == shown, "F2"
        else:
            assert body[0] == space, "F7"
        envelope(link, keys[body[3]], "ratsmappe/faction/link/1")
        assert body[1] == place and body[2] == previous, "F7"
        previous = sha(b"ratsmappe/faction/link-hash/1\0" + cbor(link)[1])
        heads.append(previous)
        if body[5] == 2:
            device(details[3], details[0], space)
            name(1, details[0], details[2])
        elif body[5] == 3:
            device(details[1], details[0], space)
        elif body[5] == 4:
            del keys[details[0]]
        elif body[5] in (5, 8):
            assert [c[0] for c in details[1]] == sorted(c[0] for c in details[1]), "F10"
            assert all((c[1] == 0) == (c[2] == bytes(32)) for c in details[1]), "F10"
            for cut in details[1]:
                del keys[cut[0]]
        elif body[5] == 7:
            epoch += 1
            assert details[0] == epoch and details[1] == commitment(epoch), "F10, F11"
            aad = encode({0: space, 1: epoch - 1})
            opened = class_open(seeds[epoch - 1], label(b"previous"), aad, details[2])
            assert opened == seeds[epoch - 2], "F12"
        if place == 1:
            assert previous == space, "F1"
    assert epoch == len(seeds) and {body[5] for body in (cbor(cbor(bytes.fromhex(k))[1]) for k in v["links"])} >= {1, 2, 3, 4, 6, 7, 8}
    boxes = [cbor(bytes.fromhex(b)) for b in v["boxes"]]
    assert {b[0] for b in boxes} == set(keys), "F13"
    assert all(b[1] == epoch and b[2] in heads and len(b[3]) == 1169 and b[3][0] == 1 for b in boxes), "F13"


def faction_envelope(v, x):
    previous = bytes(32)
    for n, (sealed, plain) in enumerate(zip(v["envelopes"], v["contents"]), 1):
        sealed, plain = bytes.fromhex(sealed), bytes.fromhex(plain)
        body = envelope(sealed, x("device_key"), "ratsmappe/faction/envelope/1")
        header = body[0]
        assert header[0] == x("faction") and header[2] == n and header[3] == previous, "F14"
        previous = sha(b"ratsmappe/faction/envelope-hash/1\0" + cbor(sealed)[1])
        assert padded_open(x("seed"), b"content", encode(header), body[1]) == plain, "F15"
        (item,) = cbor(plain)[1]
        assert (2 in item) != (3 in item), "F18"
        if 3 in item:
            inner = item[3]
            aad = encode({0: {0: header[0], 1: item[0], 2: item[1]}, 1: inner[0], 2: inner[1], 3: inner[2]})
            opened = class_open(x("class_key"), b"ratsmappe/class/local/1/faction/share", aad, inner[3])
            assert opened == x("inner_plain"), "F19"


def faction_snapshot(v, x):
    outer = cbor(x("signed"))
    check_signature(x("device_key"), "ratsmappe/faction/snapshot/1", sha(outer[1]), outer[2])
    body = cbor(outer[1])
    assert outer[0] == 1 and body[0][0] == x("faction"), "F25"
    assert padded_open(x("seed"), b"snapshot", encode(body[0]), body[1]) == x("kept"), "F25"
    devices = [c[0] for c in body[0][4]]
    assert devices == sorted(set(devices)) and set(body[0][4][0][1]) == {0, 1, 2}, "F25"


def faction_join(v, x):
    data = code_bytes(v["qr"].removeprefix("RATSMAPPE1:"))
    expires = v["qr_expires_at_ms"].to_bytes(8, "big")
    assert data == b"\1" + x("qr_faction") + x("qr_fingerprint") + x("qr_secret") + expires + bytes(2), "F20"
    by_qr = hkdf(b"", x("qr_secret"), label(b"join/qr"))
    assert hkdf(b"", by_qr, label(b"join/id"), 16) == x("qr_invitation"), "F20"
    key = hkdf(b"", code_bytes(v["letter"]), label(b"join/letter"))
    assert key == x("join_key") and v["letter_shown"].replace("-", "") == v["letter"], "F20"
    start, hello, finish = cbor(x("start")), cbor(x("hello")), cbor(x("finish"))
    assert start[0] == hkdf(b"", key, label(b"join/id"), 16), "F20"
    transcript = sha(label(b"join/transcript") + b"\0" + encode({0: start, 1: hello[0]}))
    assert transcript == x("transcript"), "F21"
    mac = hmac.new(hkdf(b"", key, label(b"join/inviter-mac")), transcript, "sha256").digest()
    assert mac == hello[1], "F21"
    proved = transcript + sha(encode(finish[0])) + sha(finish[1])
    mac = hmac.new(hkdf(b"", key, label(b"join/joiner-mac")), proved, "sha256").digest()
    assert mac == finish[2], "F22"
    claim = finish[0]
    assert (claim[0], claim[1], claim[2]) == (start[1], start[2], start[3]), "F22"
    faction_claim(claim, hello[0][0], hello[0][3])
    names = cbor(unpadded(class_open(key, label(b"join/names"), transcript, finish[1])))
    assert names == {0: v["user_name"], 1: v["device_name"]}, "F22"
    words = re.findall(r'"(\w+)"', pathlib.Path(sys.argv[2]).read_text())
    numbers = hashlib.pbkdf2_hmac("sha256", transcript, hkdf(b"", key, label(b"join/words")), 100_000, 6)
    assert [words[n] for n in numbers] == v["words"], "F23"


def faction_paper(v, x):
    code = code_bytes(v["code"])
    assert v["code_shown"].replace("-", "") == v["code"], "F24"
    for key, name, length in (("device", b"device", 16), ("signing_seed", b"sign", 32), ("box_seed", b"box", 32)):
        assert hkdf(b"", code, label(b"paper/" + name), length) == x(key), "F24"


def faction_entry(v, x):
    entry = cbor(x("entry"))
    assert entry[0] == x("faction_device"), "F29"
    said = encode({0: x("faction"), 1: entry[0], 2: x("device")})
    check_signature(x("device_key"), "ratsmappe/faction/entry/1", said, entry[1])


READERS = {
    f.__name__: f
    for f in (encrypted_file, class_key, search_key, server_database_key, model, chain, snapshot, head, root, key_box, pairing, recovery, request, receipt,
              faction_roster, faction_envelope, faction_snapshot, faction_join, faction_paper, faction_entry)
}


def main():
    files = sorted(pathlib.Path(sys.argv[1]).glob("*.json"))
    for path in files:
        vector = json.loads(path.read_text())
        READERS[path.stem.rsplit("_", 1)[0]](vector, lambda key: bytes.fromhex(vector[key]))
    missing = set(READERS) - {p.stem.rsplit("_", 1)[0] for p in files}
    assert not missing, f"no vector for {missing}"
    print(f"{len(files)} files agree")


main()
