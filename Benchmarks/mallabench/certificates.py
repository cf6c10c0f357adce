# SPDX-License-Identifier: Apache-2.0
"""A root and SPIFFE certificates for the scenarios with TLS, made with the openssl program."""

import os
import subprocess


def _run(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def make(directory):
    """Writes root.pem and, for `client` and `server`, NAME.pem and NAME.key: ECDSA P-256, as the mesh issues them."""
    path = lambda name: os.path.join(directory, name)
    _run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path("root.key"))
    _run("req", "-x509", "-new", "-key", path("root.key"), "-days", "30", "-subj", "/O=cluster.local", "-out", path("root.pem"))
    for name in ("client", "server"):
        with open(path(name + ".ext"), "w") as file:
            file.write(
                "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
                "extendedKeyUsage=serverAuth,clientAuth\n"
                f"subjectAltName=critical,URI:spiffe://cluster.local/ns/default/sa/{name}\n")
        _run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path(name + ".ec"))
        _run("pkcs8", "-topk8", "-nocrypt", "-in", path(name + ".ec"), "-out", path(name + ".key"))
        _run("req", "-new", "-key", path(name + ".key"), "-subj", "/", "-out", path(name + ".csr"))
        _run(
            "x509", "-req", "-in", path(name + ".csr"), "-CA", path("root.pem"), "-CAkey", path("root.key"), "-CAcreateserial",
            "-days", "30", "-extfile", path(name + ".ext"), "-out", path(name + ".pem"))
