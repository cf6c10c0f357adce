// SPDX-License-Identifier: Apache-2.0
package import MeshResources

extension ValidatedResource {
    /// With what the store owns written into its metadata, and what only Kubernetes itself keeps left out.
    func stamped(uid: String, revision: UInt64, generation: Int64, creationTimestamp: String) -> ValidatedResource {
        var tree = self.tree
        var metadata = tree["metadata"] ?? ManifestValue(.object([]))
        for key in ["managedFields", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds", "generateName"] {
            metadata[key] = nil
        }
        metadata["uid"] = ManifestValue(.string(uid))
        metadata["resourceVersion"] = ManifestValue(.string(String(revision)))
        metadata["generation"] = ManifestValue(.integer(generation))
        metadata["creationTimestamp"] = ManifestValue(.string(creationTimestamp))
        tree["metadata"] = metadata
        return ValidatedResource(stored: UnvalidatedResource(kind: kind, version: kind.storageVersion, tree: tree))
    }

    /// What `generation` counts the changes of: everything but metadata and status.
    package var specificationTree: ManifestValue {
        var tree = self.tree
        tree["metadata"] = nil
        tree["status"] = nil
        return tree
    }
}
