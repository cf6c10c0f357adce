// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources

/// `application/vnd.kubernetes.protobuf`, in which kubectl sends what it makes itself (`kubectl create namespace`).
///
/// Only read, never written: every client that sends it takes JSON as well.
enum KubernetesProtobuf {
    static let mediaType = "application/vnd.kubernetes.protobuf"

    private struct Malformed: Error {}

    /// Before every such message.
    private static let magic = Data([0x6b, 0x38, 0x73, 0x00])
    /// Nesting of the deepest message that is known, with room.
    private static let maximumDepth = 8

    static func read(_ data: Data) throws -> ManifestValue {
        guard data.starts(with: magic) else { throw APIFailure.badRequest("the body is not a Kubernetes protobuf message") }
        do {
            let envelope = try decode(
                data.dropFirst(magic.count),
                [
                    1: .init("type", .message([1: .init("apiVersion", .string), 2: .init("kind", .string)])),
                    3: .init("contentEncoding", .string),
                ], depth: 0)
            let apiVersion = envelope["type"]?.string("apiVersion") ?? ""
            let kind = envelope["type"]?.string("kind") ?? ""
            guard let fields = ProtobufSchema.fields(apiVersion: apiVersion, kind: kind),
                (envelope.string("contentEncoding") ?? "").isEmpty
            else {
                throw APIFailure(
                    415, "UnsupportedMediaType",
                    "\(kind.prefix(100)) of \(apiVersion.prefix(100)) is taken as application/json only")
            }
            var tree = try decode(try raw(data.dropFirst(magic.count)), fields, depth: 0)
            if kind != "DeleteOptions" {
                tree["apiVersion"] = .init(.string(apiVersion))
                tree["kind"] = .init(.string(kind))
            }
            return tree
        } catch is Malformed {
            throw APIFailure.badRequest("the body is not a well-formed Kubernetes protobuf message")
        }
    }

    /// Field 2 of the envelope: the object itself.
    private static func raw(_ data: Data) throws -> Data {
        var reader = Reader(data)
        var raw = Data()
        while let (number, value) = try reader.next() {
            if number == 2, case .bytes(let bytes) = value { raw = bytes }
        }
        return raw
    }

    private static func decode(_ data: Data, _ fields: [Int: ProtobufSchema.Field], depth: Int) throws -> ManifestValue {
        guard depth < maximumDepth else { throw Malformed() }
        var tree: ManifestValue = [:]
        var lists: [String: [ManifestValue]] = [:]
        var maps: [String: [String: ManifestValue]] = [:]
        var reader = Reader(data)
        while let (number, value) = try reader.next() {
            guard let field = fields[number] else { continue }
            switch (field.type, value) {
            case (.string, .bytes(let bytes)):
                // kubectl writes every string of a message, also those without a value.
                let text = try Self.text(bytes)
                if !text.isEmpty { tree[field.name] = .init(.string(text)) }
            case (.bool, .varint(let value)): tree[field.name] = .init(.bool(value != 0))
            case (.integer, .varint(let value)):
                let number = Int64(bitPattern: value)
                if number != 0 { tree[field.name] = .init(.integer(number)) }
            case (.strings, .bytes(let bytes)): lists[field.name, default: []].append(.init(.string(try text(bytes))))
            case (.stringMap, .bytes(let bytes)):
                let entry = try decode(bytes, [1: .init("key", .string), 2: .init("value", .string)], depth: depth + 1)
                maps[field.name, default: [:]][entry.string("key") ?? ""] = .init(.string(entry.string("value") ?? ""))
            case (.message(let inner), .bytes(let bytes)): tree[field.name] = try decode(bytes, inner, depth: depth + 1)
            case (.messages(let inner), .bytes(let bytes)):
                lists[field.name, default: []].append(try decode(bytes, inner, depth: depth + 1))
            case (.integerOrString, .bytes(let bytes)):
                let choice = try decode(
                    bytes, [1: .init("type", .integer), 2: .init("int", .integer), 3: .init("string", .string)], depth: depth + 1)
                if choice.int("type") == 1 {
                    tree[field.name] = choice["string"]
                } else if let number = choice["int"] {
                    tree[field.name] = number
                }
            default: throw Malformed()
            }
        }
        for (name, elements) in lists.sorted(by: { $0.key < $1.key }) { tree[name] = .init(.array(elements)) }
        for (name, members) in maps.sorted(by: { $0.key < $1.key }) {
            tree[name] = .init(.object(members.sorted { $0.key < $1.key }.map { ManifestMember($0.key, $0.value) }))
        }
        return tree
    }

    private static func text(_ bytes: Data) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Malformed() }
        return text
    }

    /// The fields of one message, in the order in which they stand.
    private struct Reader {
        enum Value { case varint(UInt64), bytes(Data), fixed }

        private var rest: Data

        init(_ data: Data) { rest = data }

        mutating func next() throws -> (number: Int, value: Value)? {
            guard !rest.isEmpty else { return nil }
            let tag = try varint()
            guard let number = Int(exactly: tag >> 3) else { throw Malformed() }
            switch tag & 7 {
            case 0: return (number, .varint(try varint()))
            case 1: return (number, try skip(8))
            case 2:
                guard let count = Int(exactly: try varint()), count <= rest.count else { throw Malformed() }
                defer { rest = rest.dropFirst(count) }
                return (number, .bytes(rest.prefix(count)))
            case 5: return (number, try skip(4))
            default: throw Malformed()
            }
        }

        private mutating func skip(_ count: Int) throws -> Value {
            guard count <= rest.count else { throw Malformed() }
            rest = rest.dropFirst(count)
            return .fixed
        }

        private mutating func varint() throws -> UInt64 {
            var value: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 7) {
                guard let byte = rest.popFirst() else { throw Malformed() }
                value |= UInt64(byte & 0x7f) << shift
                if byte & 0x80 == 0 { return value }
            }
            throw Malformed()
        }
    }
}
