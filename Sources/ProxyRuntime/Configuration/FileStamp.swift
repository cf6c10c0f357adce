// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What tells one state of a file from another without reading it.
struct FileStamp: Hashable, Sendable {
    /// How often files are looked at.
    static let interval: Duration = .milliseconds(250)

    private let modified: Date?
    private let size: UInt64
    private let inode: UInt64

    /// Nil for a file that is not there.
    init?(_ path: String) {
        // Links are followed: directories of Kubernetes' config maps and secrets are swapped by one.
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target) else { return nil }
        self.modified = attributes[.modificationDate] as? Date
        self.size = (attributes[.size] as? NSNumber)?.uint64Value ?? 0
        self.inode = (attributes[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0
    }
}
