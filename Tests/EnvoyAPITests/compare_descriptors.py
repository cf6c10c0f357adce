# SPDX-License-Identifier: Apache-2.0
"""Compares every message, field and enum value of Protos/ with Envoy's own descriptors (PyPI: xds-protos).

Prints one JSON object: {"skipped": reason} or {"fields": number compared, "differences": [...]}.
"""
import importlib
import json
import pathlib
import subprocess
import sys
import tempfile

OURS_ALONE = {"istio/v1/auth/ca.proto"}
# Envoy 1.40 has them, under these numbers (a binary bootstrap is taken with 8 and refused with 9); the package is older.
NEWER = {"envoy.config.core.v3.HttpProtocolOptions.max_connection_duration_jitter": 8}


def main(protos):
    try:
        from google.protobuf import descriptor_pb2

        importlib.import_module("envoy.config.listener.v3.listener_pb2")
    except ImportError as error:
        return {"skipped": f"python package xds-protos is not installed ({error})"}
    files = sorted(str(p.relative_to(protos)) for p in protos.rglob("*.proto"))
    with tempfile.TemporaryDirectory() as directory:
        out = pathlib.Path(directory) / "set"
        try:
            subprocess.run(["protoc", f"-I{protos}", f"--descriptor_set_out={out}", *files], check=True)
        except FileNotFoundError:
            return {"skipped": "protoc is not installed"}
        ours = descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes())
    differences, count = [], 0

    def compare_enum(path, mine, theirs):
        numbers = {v.name: v.number for v in theirs.value}
        for value in mine.value:
            if numbers.get(value.name) != value.number:
                differences.append(f"{path}.{value.name}: {value.number}, Envoy has {numbers.get(value.name)}")

    def oneof(message, field):
        return message.oneof_decl[field.oneof_index].name if field.HasField("oneof_index") else None

    def compare_message(path, mine, theirs):
        nonlocal count
        fields = {f.name: f for f in theirs.field}
        for field in mine.field:
            count += 1
            other = fields.get(field.name)
            if other is None and NEWER.get(f"{path}.{field.name}") == field.number:
                continue
            if other is None:
                differences.append(f"{path}.{field.name}: Envoy has no such field")
                continue
            a = (field.number, field.type, field.label, field.type_name, oneof(mine, field))
            b = (other.number, other.type, other.label, other.type_name, oneof(theirs, other))
            if a != b:
                differences.append(f"{path}.{field.name}: {a}, Envoy has {b}")
        compare_children(path, mine.nested_type, theirs.nested_type, mine.enum_type, theirs.enum_type)

    def compare_children(path, messages, their_messages, enums, their_enums):
        nested = {m.name: m for m in their_messages}
        for message in messages:
            if message.name not in nested:
                differences.append(f"{path}.{message.name}: Envoy has no such message")
            else:
                compare_message(f"{path}.{message.name}", message, nested[message.name])
        named = {e.name: e for e in their_enums}
        for enum in enums:
            if enum.name not in named:
                differences.append(f"{path}.{enum.name}: Envoy has no such enum")
            else:
                compare_enum(f"{path}.{enum.name}", enum, named[enum.name])

    for file in ours.file:
        if file.name in OURS_ALONE:
            continue
        module = importlib.import_module(file.name.removesuffix(".proto").replace("/", ".") + "_pb2")
        theirs = descriptor_pb2.FileDescriptorProto()
        module.DESCRIPTOR.CopyToProto(theirs)
        if file.package != theirs.package:
            differences.append(f"{file.name}: package {file.package}, Envoy has {theirs.package}")
        compare_children(file.package, file.message_type, theirs.message_type, file.enum_type, theirs.enum_type)
    return {"fields": count, "differences": differences}


print(json.dumps(main(pathlib.Path(sys.argv[1]))))
