// SPDX-License-Identifier: Apache-2.0

/// Finds the field that makes a document undecodable. The protobuf library says what is wrong but not where; so the document
/// is cut down, member by member, to the smallest part that still fails.
struct FaultLocator {
    /// Throws for a document that cannot be decoded.
    let decode: (DocumentTree) throws -> Void

    func path(in document: DocumentTree) -> String {
        self.path(of: document, prefix: "") { $0 }
    }

    /// - Parameter rebuild: Puts a part back into its place in an otherwise empty document.
    private func path(
        of part: DocumentTree, prefix: String, rebuild: @escaping (DocumentTree) -> DocumentTree
    ) -> String {
        switch part {
        case .object(let members):
            // An `Any` cannot be read without its type.
            let kept = members.filter { $0.key == "@type" }
            for (name, value) in members.sorted(by: { $0.key < $1.key }) where name != "@type" {
                let place = { (inner: DocumentTree) in rebuild(.object(kept.merging([name: inner]) { $1 })) }
                if self.fails(place(value)) {
                    return self.path(of: value, prefix: prefix.isEmpty ? name : "\(prefix).\(name)", rebuild: place)
                }
            }
        case .list(let items):
            for (index, item) in items.enumerated() {
                let place = { (inner: DocumentTree) in rebuild(.list([inner])) }
                if self.fails(place(item)) { return self.path(of: item, prefix: "\(prefix)[\(index)]", rebuild: place) }
            }
        default:
            break
        }
        return prefix
    }

    private func fails(_ document: DocumentTree) -> Bool {
        do {
            try self.decode(document)
            return false
        } catch {
            return true
        }
    }
}
