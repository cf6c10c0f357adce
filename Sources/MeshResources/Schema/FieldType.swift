// SPDX-License-Identifier: Apache-2.0

/// What may stand at a place of a resource.
package indirect enum FieldType: Sendable {
    case string
    case bool
    case integer(ClosedRange<Int64>)
    case number
    /// `1h`, `500ms`, `1.5s`.
    case duration
    /// A number or a string, such as a target port.
    case integerOrString
    case enumeration([String])
    case list(FieldType)
    /// Keys of the user's choice.
    case map(FieldType)
    case object(ObjectSchema)
    /// Not looked into.
    case any

    package static var integer: FieldType { .integer(Int64.min...Int64.max) }
    package static var unsigned: FieldType { .integer(0...Int64(UInt32.max)) }
    package static var int32: FieldType { .integer(Int64(Int32.min)...Int64(Int32.max)) }
    package static var strings: FieldType { .list(.string) }
    package static var stringMap: FieldType { .map(.string) }

    package static func object(_ name: String, _ fields: KeyValuePairs<String, FieldType>) -> FieldType {
        .object(ObjectSchema(name: name, fields: fields.map { FieldSchema(name: $0.key, type: $0.value) }))
    }

    /// In the words of an error message.
    package var description: String {
        switch self {
        case .string: "a string"
        case .bool: "true or false"
        case .integer: "an integer"
        case .number: "a number"
        case .duration: "a duration such as 500ms or 2s"
        case .integerOrString: "an integer or a string"
        case .enumeration(let values): "one of " + values.joined(separator: ", ")
        case .list: "a list"
        case .map, .object: "an object"
        case .any: "anything"
        }
    }
}
