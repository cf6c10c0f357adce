// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import SwiftProtobuf

/// Where in a resource a decoder is, so that a mistake can be named. A value; a step down makes a new one.
struct FieldContext: Sendable {
    let typeURL: String
    let path: String

    init(typeURL: String, path: String = "") {
        self.typeURL = typeURL
        self.path = path
    }

    func field(_ name: String) -> FieldContext {
        FieldContext(typeURL: self.typeURL, path: self.path.isEmpty ? name : "\(self.path).\(name)")
    }

    func element(_ name: String, _ index: Int) -> FieldContext { self.field("\(name)[\(index)]") }
    func entry(_ name: String, _ key: String) -> FieldContext { self.field("\(name)[\"\(key)\"]") }

    func error(_ message: String) -> DecodingError {
        DecodingError(typeURL: self.typeURL, path: self.path, message: message)
    }

    /// Refuses what this proxy would not act on: silently leaving it out would be a different configuration.
    func refuse(_ isSet: Bool, _ name: String) throws(DecodingError) {
        if isSet { throw self.field(name).error("is not supported by this proxy") }
    }

    /// Reads the message inside an `Any`, which has to be of the wanted type and hold only fields that we know.
    func unpack<M: Message>(_ any: Google_Protobuf_Any, as type: M.Type) throws(DecodingError) -> (M, FieldContext) {
        let inner = FieldContext(typeURL: any.typeURL, path: self.path)
        guard any.isA(type) else { throw self.error("unexpected type \(any.typeURL)") }
        return (try inner.parse(Array(any.value), as: type), inner)
    }

    func parse<M: Message>(_ bytes: [UInt8], as type: M.Type) throws(DecodingError) -> M {
        let message: M
        do {
            message = try M(serializedBytes: bytes)
        } catch {
            throw self.error("cannot be parsed as \(M.protoMessageName)")
        }
        if let unknown = UnknownFieldFinder.firstUnknownField(in: message) {
            throw self.error("holds a field that this proxy does not know: \(unknown)")
        }
        return message
    }

    func duration(_ value: Google_Protobuf_Duration, _ name: String) throws(DecodingError) -> Duration {
        guard value.seconds >= 0, value.nanos >= 0, value.nanos < 1_000_000_000, value.seconds <= 315_576_000_000 else {
            throw self.field(name).error("is not a duration from zero on")
        }
        return .seconds(value.seconds) + .nanoseconds(Int64(value.nanos))
    }

    /// From 0 to 1.
    func share(_ value: Envoy_Type_V3_Percent, _ name: String) throws(DecodingError) -> Double {
        guard (0...100).contains(value.value) else { throw self.field(name).error("is no percentage") }
        return value.value / 100
    }

    func port(_ value: UInt32, _ name: String) throws(DecodingError) -> Int {
        guard value <= 65535 else { throw self.field(name).error("\(value) is no port") }
        return Int(value)
    }

    func nonEmpty(_ value: String, _ name: String) throws(DecodingError) -> String {
        guard !value.isEmpty else { throw self.field(name).error("is empty") }
        return value
    }
}
