// SPDX-License-Identifier: Apache-2.0

extension SocketEndpoint {
    var documentTree: DocumentTree {
        .object(["socket_address": .object(["address": .text(self.host), "port_value": .number(String(self.port))])])
    }
}
