// SPDX-License-Identifier: Apache-2.0

/// The fields of one type of object.
package struct ObjectSchema: Sendable {
    /// As the Istio API names the message; for error messages.
    package var name: String
    package var fields: [FieldSchema]

    package init(name: String, fields: [FieldSchema]) {
        self.name = name
        self.fields = fields
    }

    package func field(_ name: String) -> FieldSchema? { fields.first { $0.name == name } }
}

/// One field of an object.
package struct FieldSchema: Sendable {
    package var name: String
    package var type: FieldType

    package init(name: String, type: FieldType) {
        self.name = name
        self.type = type
    }
}
