#!/usr/bin/env python3
"""DSSE in both directions against an independent implementation, on what ci/rantai left in DIR.

  silang.py DIR LAIK

securesystemslib (the library behind in-toto and TUF) verifies what laik signed, and signs what laik verifies; the
cryptography package opens laik's key file, and makes one that laik opens. Ends with an error at the first difference.
"""

import base64
import copy
import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey

PASS_PHRASE = b"kata sandi latihan"


def keyid(public):
    return sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def key_of(path):
    public = load_pem_public_key(path.read_bytes())
    return SSlibKey.from_crypto(public, keyid=keyid(public))


def canonical(value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode() + b"\n"


def verified(path, key):
    """Reads an envelope of laik; the canonical form of Python must be its very bytes, outside and inside."""
    data = path.read_bytes()
    document = json.loads(data)
    assert canonical(document) == data, f"{path}: another canonical form"
    # from_dict changes the dictionary that it is given.
    envelope = Envelope.from_dict(copy.deepcopy(document))
    assert list(envelope.verify([key], 1)) == [key.keyid], f"{path}: not verified"
    assert canonical(json.loads(envelope.payload)) == envelope.payload, f"{path}: another canonical payload"
    changed = copy.deepcopy(document)
    payload = bytearray(envelope.payload)
    payload[len(payload) // 2] ^= 1
    changed["payload"] = base64.b64encode(payload).decode()
    try:
        Envelope.from_dict(changed).verify([key], 1)
    except VerificationError:
        return envelope
    raise AssertionError(f"{path}: a changed payload is verified")


def main(directory, laik):
    directory = Path(directory)

    def run(code, *arguments):
        command = [laik, *map(str, arguments)]
        environment = {**os.environ, "LAIK_SANDI_KUNCI": PASS_PHRASE.decode()}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == code, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"

    tester, decider = (key_of(directory / f"{name}.pem.pub") for name in ("penguji", "pokja"))
    certificate = verified(directory / "sertifikat.json", decider)
    verified(directory / "status.json", decider)
    report = verified(directory / "paket/pengujian.dsse.json", tester)

    # The statements are in-toto's, about the digest that sha256sum finds too.
    pack = sha256((directory / "paket/pak.sha256").read_bytes()).hexdigest()
    for envelope in (certificate, report):
        statement = json.loads(envelope.payload)
        assert statement["_type"] == "https://in-toto.io/Statement/v1"
        assert statement["subject"] == [{"digest": {"sha256": pack}, "name": "pak.sha256"}]
    subprocess.run(["sha256sum", "--check", "--quiet", "pak.sha256"], cwd=directory / "paket", check=True)

    # laik's encrypted key file is one that others open, and holds the key of its public file.
    private = load_pem_private_key((directory / "pokja.pem").read_bytes(), PASS_PHRASE)
    assert keyid(private.public_key()) == decider.keyid

    # A key made here signs the certificate as second; laik verifies both signatures.
    foreign = Ed25519PrivateKey.generate()
    pem, public = directory / "asing.pem", directory / "asing.pem.pub"
    pem.write_bytes(foreign.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASS_PHRASE)))
    public.write_bytes(foreign.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    key = key_of(public)
    certificate.sign(CryptoSigner(foreign, key))
    document = certificate.to_dict()
    document["signatures"].sort(key=lambda signature: signature["keyid"])
    two = directory / "sertifikat-dua.json"
    two.write_bytes(canonical(document))
    trusted = ["--trusted", directory / "pokja.pem.pub", "--trusted", public]
    run(0, "certificate", "verify", two, *trusted, "--threshold", 2)
    run(6, "certificate", "verify", directory / "sertifikat.json", *trusted, "--threshold", 2)
    run(6, "certificate", "verify", two, "--trusted", directory / "pokja.pem.pub")

    # laik with the same key file writes the same bytes: Ed25519 is deterministic, and so is the form.
    again = directory / "sertifikat-laik.json"
    again.write_bytes((directory / "sertifikat.json").read_bytes())
    run(0, "certificate", "sign", again, "--key", pem)
    assert again.read_bytes() == two.read_bytes(), "laik and securesystemslib sign differently"

    # The same document in other bytes is refused.
    two.write_text(json.dumps(document, sort_keys=True, indent=1))
    run(6, "certificate", "verify", two, *trusted)
    print("silang: laik and securesystemslib verify each other")


if __name__ == "__main__":
    main(*sys.argv[1:])
