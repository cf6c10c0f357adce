// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRPCCore

/// The one gRPC method of the demo's services: an empty question, and what HTTP would have answered, as JSON.
enum GRPCMethod {
    static let answer = MethodDescriptor(fullyQualifiedService: "malla.demo.Service", method: "Answer")

    struct Question: Sendable, Codable {}
}

/// Messages of gRPC need not be protobuf; JSON keeps the demo free of generated code.
struct JSONMessage<Message: Codable & Sendable>: MessageSerializer, MessageDeserializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: Message) throws -> Bytes {
        Bytes(try JSONEncoder().encode(message))
    }

    func deserialize<Bytes: GRPCContiguousBytes>(_ serializedMessageBytes: Bytes) throws -> Message {
        try serializedMessageBytes.withUnsafeBytes { try JSONDecoder().decode(Message.self, from: Data($0)) }
    }
}
