// SPDX-License-Identifier: Apache-2.0

/// `/listeners`: one line each, or Envoy's JSON.
enum ListenersPage {
    static func response(_ listeners: [ListenerStatus], asJSON: Bool) -> AdminResponse {
        let sorted = listeners.sorted { $0.name < $1.name }
        guard asJSON else {
            return AdminResponse(body: sorted.map { "\($0.name)::\($0.address)\n" }.joined())
        }
        let statuses = sorted.map { listener in
            DocumentTree.object(["name": .text(listener.name), "local_address": listener.address.documentTree])
        }
        return .json(DocumentTree.object(["listener_statuses": .list(statuses)]).json + "\n")
    }
}
