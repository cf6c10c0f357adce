// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// How a cluster chooses among its endpoints: `lb_policy` with its configuration, or `load_balancing_policy`, which counts where both
/// stand. Of its policies the first is taken that this proxy has; what that one asks for and we do not do is refused.
enum BalancingPolicyDecoder {
    /// - `weighsLocalities`: whether localities get shares of the requests by their weights.
    typealias Choice = (policy: BalancingPolicy, weighsLocalities: Bool)
    private typealias Wire = Envoy_Config_Cluster_V3_Cluster
    private typealias Policies = Envoy_Config_Cluster_V3_LoadBalancingPolicy

    static func decode(_ cluster: Envoy_Config_Cluster_V3_Cluster, _ context: FieldContext) throws(DecodingError) -> Choice {
        if cluster.hasLoadBalancingPolicy {
            guard cluster.commonLbConfig.localityConfigSpecifier == nil else {
                throw context.field("common_lb_config.locality_weighted_lb_config").error("stands beside load_balancing_policy")
            }
            return try Self.extended(cluster, context.field("load_balancing_policy"))
        }
        let weighsLocalities =
            if case .localityWeightedLbConfig? = cluster.commonLbConfig.localityConfigSpecifier { true } else { false }
        return (try Self.named(cluster, context), weighsLocalities)
    }

    private static func named(_ cluster: Wire, _ context: FieldContext) throws(DecodingError) -> BalancingPolicy {
        switch cluster.lbPolicy {
        case .roundRobin:
            try context.refuse(cluster.roundRobinLbConfig.hasSlowStartConfig, "round_robin_lb_config.slow_start_config")
            return .roundRobin
        case .leastRequest:
            let place = context.field("least_request_lb_config")
            let options = cluster.leastRequestLbConfig
            try place.refuse(options.hasSlowStartConfig, "slow_start_config")
            try place.refuse(options.hasActiveRequestBias, "active_request_bias")
            return try Self.leastRequest(options.hasChoiceCount ? options.choiceCount.value : nil, place)
        case .random:
            return .random
        case .ringHash:
            let place = context.field("ring_hash_lb_config")
            let options = cluster.ringHashLbConfig
            try place.refuse(options.hashFunction != .xxHash, "hash_function")
            return try Self.ringHash(
                options.hasMinimumRingSize ? options.minimumRingSize.value : nil,
                options.hasMaximumRingSize ? options.maximumRingSize.value : nil, place)
        case .maglev:
            let options = cluster.maglevLbConfig
            return try Self.maglev(options.hasTableSize ? options.tableSize.value : nil, context.field("maglev_lb_config"))
        case .clusterProvided where cluster.type == .originalDst:
            return .roundRobin
        case .loadBalancingPolicyConfig:
            throw context.field("load_balancing_policy").error("is missing, though lb_policy refers to it")
        case .clusterProvided, .UNRECOGNIZED:
            throw context.field("lb_policy").error("is not supported by this proxy")
        }
    }

    private static func extended(_ cluster: Wire, _ context: FieldContext) throws(DecodingError) -> Choice {
        for (index, policy) in cluster.loadBalancingPolicy.policies.enumerated() {
            let place = context.element("policies", index).field("typed_extension_config.typed_config")
            let any = policy.typedExtensionConfig.typedConfig
            switch any.typeURL {
            case TypeURL.roundRobin:
                let (options, inner) = try place.unpack(
                    any, as: Envoy_Extensions_LoadBalancingPolicies_RoundRobin_V3_RoundRobin.self)
                try inner.refuse(options.hasSlowStartConfig, "slow_start_config")
                return (.roundRobin, Self.weighs(options.localityLbConfig))
            case TypeURL.leastRequest:
                let (options, inner) = try place.unpack(
                    any, as: Envoy_Extensions_LoadBalancingPolicies_LeastRequest_V3_LeastRequest.self)
                try inner.refuse(options.hasSlowStartConfig, "slow_start_config")
                try inner.refuse(options.hasActiveRequestBias, "active_request_bias")
                try inner.refuse(options.selectionMethod != .nChoices, "selection_method")
                let policy = try Self.leastRequest(options.hasChoiceCount ? options.choiceCount.value : nil, inner)
                return (policy, Self.weighs(options.localityLbConfig))
            case TypeURL.random:
                let (options, _) = try place.unpack(any, as: Envoy_Extensions_LoadBalancingPolicies_Random_V3_Random.self)
                return (.random, Self.weighs(options.localityLbConfig))
            case TypeURL.ringHash:
                let (options, inner) = try place.unpack(
                    any, as: Envoy_Extensions_LoadBalancingPolicies_RingHash_V3_RingHash.self)
                try inner.refuse(![.defaultHash, .xxHash].contains(options.hashFunction), "hash_function")
                let policy = try Self.ringHash(
                    options.hasMinimumRingSize ? options.minimumRingSize.value : nil,
                    options.hasMaximumRingSize ? options.maximumRingSize.value : nil, inner)
                return (policy, options.hasLocalityWeightedLbConfig)
            case TypeURL.maglev:
                let (options, inner) = try place.unpack(any, as: Envoy_Extensions_LoadBalancingPolicies_Maglev_V3_Maglev.self)
                let policy = try Self.maglev(options.hasTableSize ? options.tableSize.value : nil, inner)
                return (policy, options.hasLocalityWeightedLbConfig)
            case TypeURL.clusterProvided:
                _ = try place.unpack(
                    any, as: Envoy_Extensions_LoadBalancingPolicies_ClusterProvided_V3_ClusterProvided.self)
                guard cluster.type == .originalDst else { throw place.error("is only for clusters of type ORIGINAL_DST") }
                return (.roundRobin, false)
            default:
                continue
            }
        }
        let types = cluster.loadBalancingPolicy.policies.map(\.typedExtensionConfig.typedConfig.typeURL)
        throw context.field("policies").error("has none that this proxy supports: [\(types.joined(separator: ", "))]")
    }

    private static func weighs(_ options: Envoy_Extensions_LoadBalancingPolicies_Common_V3_LocalityLbConfig) -> Bool {
        if case .localityWeightedLbConfig? = options.localityConfigSpecifier { true } else { false }
    }

    private static func leastRequest(_ count: UInt32?, _ context: FieldContext) throws(DecodingError) -> BalancingPolicy {
        let count = count ?? 2
        guard (2...100).contains(count) else { throw context.field("choice_count").error("is not between 2 and 100") }
        return .leastRequest(choices: Int(count))
    }

    private static func ringHash(
        _ minimum: UInt64?, _ maximum: UInt64?, _ context: FieldContext
    ) throws(DecodingError) -> BalancingPolicy {
        let minimum = minimum ?? 1024
        let maximum = maximum ?? 8_388_608
        guard minimum <= maximum, maximum <= 8_388_608 else { throw context.error("ring sizes do not fit") }
        return .ringHash(minimumSize: Int(minimum), maximumSize: Int(maximum))
    }

    private static func maglev(_ size: UInt64?, _ context: FieldContext) throws(DecodingError) -> BalancingPolicy {
        let size = size ?? 65537
        guard size > 1, size <= 5_000_011, Self.isPrime(size) else {
            throw context.field("table_size").error("\(size) is not a prime up to 5000011")
        }
        return .maglev(tableSize: Int(size))
    }

    /// - Parameter number: Small enough to try every divisor.
    private static func isPrime(_ number: UInt64) -> Bool {
        var divisor: UInt64 = 2
        while divisor * divisor <= number {
            if number % divisor == 0 { return false }
            divisor += 1
        }
        return true
    }
}
