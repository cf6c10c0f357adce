// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Observability

@Suite struct PeerMetadataTests {
    private let metadata = PeerMetadata(
        name: "auth-v1-0", namespace: "default", workload: "auth-v1", cluster: "Kubernetes", mesh: "cluster.local",
        labels: ["app": "auth", "version": "v1"])

    @Test func `what is written can be read`() {
        #expect(PeerMetadata(headerValue: self.metadata.headerValue) == self.metadata)
    }

    @Test func `labels count only under the namespace that TLS proves`() {
        let header = self.metadata.headerValue
        let principal = "spiffe://cluster.local/ns/default/sa/auth"
        let trusted = PeerMetadata.labels(header: header, provenNamespace: "default", principal: principal)
        #expect(trusted.workload == "auth-v1" && trusted.app == "auth" && trusted.principal == principal)
        let other = PeerMetadata.labels(header: header, provenNamespace: "other", principal: principal)
        #expect(other.workload == "unknown" && other.principal == principal)
        #expect(PeerMetadata.labels(header: header, provenNamespace: nil, principal: nil) == PeerLabels())
    }

    @Test func `broken and oversized headers are not read`() {
        #expect(PeerMetadata(headerValue: "%%%") == nil)
        #expect(PeerMetadata(headerValue: String(repeating: "A", count: PeerMetadata.maximumHeaderLength + 4)) == nil)
        let whole = Data(base64Encoded: self.metadata.headerValue) ?? Data()
        for length in 1..<whole.count {
            // No prefix may trap; most are refused, those that end between members are read.
            _ = PeerMetadata(headerValue: whole.prefix(length).base64EncodedString())
        }
        for byte in UInt8.min...UInt8.max {
            var bent = whole
            bent[bent.startIndex + 1] = byte
            _ = PeerMetadata(headerValue: bent.base64EncodedString())
        }
        var long = self.metadata
        long.workload = String(repeating: "x", count: PeerMetadata.maximumValueLength + 1)
        #expect(PeerMetadata(headerValue: long.headerValue)?.workload == nil)
    }
}
