// SPDX-License-Identifier: Apache-2.0
import SPIFFE
import Testing

struct SPIFFEIDTests {
    @Test(arguments: [
        "spiffe://cluster.local/ns/default/sa/web", "spiffe://td", "spiffe://a_b-c.0/A/b_C-1/.x/..y",
        "spiffe://td/" + String(repeating: "a", count: 2048 - 12),
    ])
    func `what the rules allow is taken`(text: String) throws {
        #expect(try SPIFFEID(text).description == text)
    }

    @Test(arguments: [
        "", "spiffe://", "spiffe:///ns/a", "http://td/a", "SPIFFE://td/a", "spiffe:/td/a", "spiffe://TD/a", "spiffe://td:80/a",
        "spiffe://user@td/a", "spiffe://td/", "spiffe://td/a/", "spiffe://td//a", "spiffe://td/a//b", "spiffe://td/.",
        "spiffe://td/a/../b", "spiffe://td/a%20b", "spiffe://td/a?b", "spiffe://td/a#b", "spiffe://td/ä", "spiffe://tä/a",
        "spiffe://td/a\n", " spiffe://td/a", "spiffe://t%64/a", "spiffe://" + String(repeating: "a", count: 256) + "/x",
        "spiffe://td/" + String(repeating: "a", count: 2048 - 11),
    ])
    func `what the rules forbid is refused`(text: String) {
        #expect(throws: SPIFFEError.self) { try SPIFFEID(text) }
    }

    @Test func `Istio's form names a workload`() throws {
        let id = try SPIFFEID(trustDomain: .clusterLocal, namespace: "default", serviceAccount: "web")
        #expect(id.principal == "cluster.local/ns/default/sa/web")
        #expect(id.workload == WorkloadIdentity(namespace: "default", serviceAccount: "web"))
        #expect(try SPIFFEID("spiffe://td/ns/a/sa/b/c").workload == nil)
        #expect(try SPIFFEID("spiffe://td/x/a/sa/b").workload == nil)
        for name in ["", "a/b", "..", "a b"] {
            #expect(throws: SPIFFEError.self) {
                try SPIFFEID(trustDomain: .clusterLocal, namespace: name, serviceAccount: "web")
            }
        }
    }
}
