// SPDX-License-Identifier: Apache-2.0

/// The endpoints of a cluster.
package struct EndpointSet: Sendable, Hashable {
    package var endpoints: [Endpoint]
    /// Envoy's 140 %: how far a priority may shrink before traffic moves to the next.
    package var overprovisioningFactor: Int

    package init(endpoints: [Endpoint] = [], overprovisioningFactor: Int = 140) {
        self.endpoints = endpoints
        self.overprovisioningFactor = overprovisioningFactor
    }
}

/// One place that answers.
package struct Endpoint: Sendable, Hashable {
    package enum Health: Sendable, Hashable {
        case healthy
        case degraded
        case unhealthy
        case draining
    }

    package var address: ProxySocketAddress
    package var hostname: String
    package var locality: Locality
    /// 0 is the best.
    package var priority: Int
    package var weight: UInt32
    /// Of the locality that it stands in, for clusters that weigh localities; without one nothing goes to it there.
    package var localityWeight: UInt32?
    package var health: Health
    /// `envoy.transport_socket_match` metadata.
    package var transportLabels: [String: String]
    /// `envoy.lb` metadata `hash_key`: what ring hash and Maglev know the endpoint by; empty: its address.
    package var hashKey: String
    /// `istio` metadata `workload`: `name;namespace;canonical service;canonical revision;cluster`.
    package var workload: String

    package init(
        address: ProxySocketAddress, hostname: String = "", locality: Locality = Locality(), priority: Int = 0, weight: UInt32 = 1,
        localityWeight: UInt32? = nil, health: Health = .healthy, transportLabels: [String: String] = [:],
        hashKey: String = "", workload: String = ""
    ) {
        self.address = address
        self.hostname = hostname
        self.locality = locality
        self.priority = priority
        self.weight = weight
        self.localityWeight = localityWeight
        self.health = health
        self.transportLabels = transportLabels
        self.hashKey = hashKey
        self.workload = workload
    }
}

/// Where an endpoint runs.
package struct Locality: Sendable, Hashable {
    package var region: String
    package var zone: String
    package var subZone: String

    package init(region: String = "", zone: String = "", subZone: String = "") {
        self.region = region
        self.zone = zone
        self.subZone = subZone
    }
}
