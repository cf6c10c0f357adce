// SPDX-License-Identifier: Apache-2.0

/// One path of the admin port.
package struct AdminEndpoint: Sendable {
    package var path: String
    package var help: String
    /// What changes something asks for POST.
    package var isMutation: Bool
    package var answer: @Sendable (AdminRequest) async -> AdminResponse

    package init(
        _ path: String, help: String, isMutation: Bool = false,
        answer: @escaping @Sendable (AdminRequest) async -> AdminResponse
    ) {
        self.path = path
        self.help = help
        self.isMutation = isMutation
        self.answer = answer
    }
}
