// SPDX-License-Identifier: Apache-2.0

extension SocketEndpoint {
    var documentTree: DocumentTree {
        if self.isPath { return .object(["pipe": .object(["path": .text(self.host)])]) }
        return .object(["socket_address": .object(["address": .text(self.host), "port_value": .number(String(self.port))])])
    }
}
