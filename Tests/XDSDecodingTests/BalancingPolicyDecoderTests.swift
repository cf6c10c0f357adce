// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf
import Testing

@testable import XDSDecoding

/// Both spellings of how a cluster balances.
@Suite struct BalancingPolicyDecoderTests {
    private static func decode(_ fields: String) throws -> Cluster {
        ExtensionTypes.register()
        return try ClusterDecoder.decode(try Envoy_Config_Cluster_V3_Cluster(jsonString: #"{"name": "c", \#(fields)}"#))
    }

    private static func policy(_ type: String, _ fields: String = "") -> String {
        let rest = fields.isEmpty ? "" : ", \(fields)"
        return #"{"typedExtensionConfig": {"name": "n", "typedConfig": {"@type": "type.googleapis.com/\#(type)"\#(rest)}}}"#
    }

    private static func extended(_ policies: String...) -> String {
        #""loadBalancingPolicy": {"policies": [\#(policies.joined(separator: ", "))]}"#
    }

    private static let prefix = "envoy.extensions.load_balancing_policies."
    private static let roundRobin = prefix + "round_robin.v3.RoundRobin"
    private static let leastRequest = prefix + "least_request.v3.LeastRequest"
    private static let random = prefix + "random.v3.Random"
    private static let ringHash = prefix + "ring_hash.v3.RingHash"
    private static let maglev = prefix + "maglev.v3.Maglev"
    private static let provided = prefix + "cluster_provided.v3.ClusterProvided"
    private static let weighed = #""localityLbConfig": {"localityWeightedLbConfig": {}}"#

    @Test(arguments: [
        (#""lbPolicy": "ROUND_ROBIN""#, BalancingPolicy.roundRobin, false),
        (#""commonLbConfig": {"localityWeightedLbConfig": {}}"#, .roundRobin, true),
        (#""lbPolicy": "RING_HASH""#, .ringHash(minimumSize: 1024, maximumSize: 8_388_608), false),
        (#""lbPolicy": "MAGLEV", "maglevLbConfig": {"tableSize": 13}"#, .maglev(tableSize: 13), false),
        (extended(policy(roundRobin)), .roundRobin, false),
        (extended(policy(roundRobin, weighed)), .roundRobin, true),
        (extended(policy(leastRequest)), .leastRequest(choices: 2), false),
        (extended(policy(leastRequest, #""choiceCount": 5, \#(weighed)"#)), .leastRequest(choices: 5), true),
        (extended(policy(random, weighed)), .random, true),
        (extended(policy(ringHash)), .ringHash(minimumSize: 1024, maximumSize: 8_388_608), false),
        (
            extended(policy(ringHash, #""hashFunction": "XX_HASH", "minimumRingSize": 5, "maximumRingSize": 9"#)),
            .ringHash(minimumSize: 5, maximumSize: 9), false
        ),
        (
            extended(policy(ringHash, #""localityWeightedLbConfig": {}"#)), .ringHash(minimumSize: 1024, maximumSize: 8_388_608),
            true
        ),
        (extended(policy(maglev)), .maglev(tableSize: 65537), false),
        (extended(policy(maglev, #""tableSize": 5000011, "localityWeightedLbConfig": {}"#)), .maglev(tableSize: 5_000_011), true),
        // The first that this proxy has; `lb_policy` does not count beside it.
        (extended("{}", policy(random), policy(roundRobin)), .random, false),
        (#""lbPolicy": "MAGLEV", \#(extended(policy(random)))"#, .random, false),
        (#""lbPolicy": "LOAD_BALANCING_POLICY_CONFIG", \#(extended(policy(random)))"#, .random, false),
        (#""type": "ORIGINAL_DST", "lbPolicy": "CLUSTER_PROVIDED""#, .roundRobin, false),
        (#""type": "ORIGINAL_DST", "lbPolicy": "CLUSTER_PROVIDED", \#(extended(policy(provided)))"#, .roundRobin, false),
    ])
    func `a policy is read`(_ fields: String, _ policy: BalancingPolicy, _ weighsLocalities: Bool) throws {
        let cluster = try Self.decode(fields)
        #expect(cluster.balancing == policy)
        #expect(cluster.weighsLocalities == weighsLocalities)
    }

    private static let place = "load_balancing_policy.policies[0].typed_extension_config.typed_config"

    @Test(arguments: [
        (#""lbPolicy": "LOAD_BALANCING_POLICY_CONFIG""#, "load_balancing_policy", TypeURL.cluster),
        (#""loadBalancingPolicy": {}"#, "load_balancing_policy.policies", TypeURL.cluster),
        (extended(policy("google.protobuf.Empty")), "load_balancing_policy.policies", TypeURL.cluster),
        (
            #""commonLbConfig": {"localityWeightedLbConfig": {}}, \#(extended(policy(random)))"#,
            "common_lb_config.locality_weighted_lb_config", TypeURL.cluster
        ),
        (#""type": "ORIGINAL_DST", \#(extended(policy(provided)))"#, "lb_policy", TypeURL.cluster),
        (
            #""type": "ORIGINAL_DST", "lbPolicy": "CLUSTER_PROVIDED", \#(extended(policy(random)))"#,
            "load_balancing_policy.policies", TypeURL.cluster
        ),
        (extended(policy(provided)), place, TypeURL.cluster),
        (extended(policy(roundRobin, #""slowStartConfig": {}"#)), "\(place).slow_start_config", TypeURL.roundRobin),
        (extended(policy(leastRequest, #""choiceCount": 1"#)), "\(place).choice_count", TypeURL.leastRequest),
        (extended(policy(leastRequest, #""slowStartConfig": {}"#)), "\(place).slow_start_config", TypeURL.leastRequest),
        (extended(policy(leastRequest, #""activeRequestBias": {}"#)), "\(place).active_request_bias", TypeURL.leastRequest),
        (
            extended(policy(leastRequest, #""selectionMethod": "FULL_SCAN""#)), "\(place).selection_method", TypeURL.leastRequest
        ),
        (extended(policy(ringHash, #""hashFunction": "MURMUR_HASH_2""#)), "\(place).hash_function", TypeURL.ringHash),
        (extended(policy(ringHash, #""minimumRingSize": 9, "maximumRingSize": 5"#)), place, TypeURL.ringHash),
        // Steps through a table whose size is no prime may miss its free slots for ever.
        (extended(policy(maglev, #""tableSize": 65536"#)), "\(place).table_size", TypeURL.maglev),
        (extended(policy(maglev, #""tableSize": 5000013"#)), "\(place).table_size", TypeURL.maglev),
        (#""lbPolicy": "MAGLEV", "maglevLbConfig": {"tableSize": 65536}"#, "maglev_lb_config.table_size", TypeURL.cluster),
        (#""lbPolicy": "MAGLEV", "maglevLbConfig": {"tableSize": 1}"#, "maglev_lb_config.table_size", TypeURL.cluster),
    ])
    func `what cannot be done is refused`(_ fields: String, _ path: String, _ typeURL: String) {
        let error = #expect(throws: DecodingError.self) { try Self.decode(fields) }
        #expect(error?.path == path)
        #expect(error?.typeURL == typeURL)
    }
}
