// SPDX-License-Identifier: Apache-2.0
package import EnvoyAPI
package import ProxyModel
import SwiftProtobuf

/// Listener → Listener.
///
/// Taken without acting on it: docs/envoy-compatibility.md, "Harmless fields".
package enum ListenerDecoder {
    package static func decode(_ listener: Envoy_Config_Listener_V3_Listener) throws(DecodingError) -> Listener {
        let context = FieldContext(typeURL: TypeURL.listener)
        try context.refuse(!listener.additionalAddresses.isEmpty, "additional_addresses")
        try context.refuse(listener.drainType != .default, "drain_type")
        var result = Listener(
            name: try context.nonEmpty(listener.name, "name"),
            address: try AddressDecoder.decode(listener.address, context.field("address")), filterChains: [],
            continuesOnInspectionTimeout: listener.continueOnListenerFiltersTimeout,
            handsOverRedirected: listener.useOriginalDst.value, bindsToPort: !listener.hasBindToPort || listener.bindToPort.value,
            telemetry: try Self.telemetry(listener, context))
        result.statPrefix = listener.statPrefix.isEmpty ? nil : listener.statPrefix
        result.takesIPv4 = listener.address.socketAddress.ipv4Compat
        for (index, filter) in listener.listenerFilters.enumerated() {
            let place = context.element("listener_filters", index)
            result.listenerFilters.append(try ListenerFilterDecoder.decode(filter, place))
        }
        // As Envoy: who hands over has to know where connections were going.
        if result.handsOverRedirected, !result.listenerFilters.contains(.originalDestination) {
            result.listenerFilters.insert(.originalDestination, at: 0)
        }
        if case .pipe(let pipe)? = listener.address.address, pipe.mode != 0 {
            guard pipe.mode <= 0o777 else { throw context.field("address.pipe.mode").error("is above 0777") }
            result.socketMode = pipe.mode
        }
        if listener.hasListenerFiltersTimeout {
            let timeout = try context.duration(listener.listenerFiltersTimeout, "listener_filters_timeout")
            result.inspectionTimeout = timeout == .zero ? nil : timeout
        }
        if listener.hasPerConnectionBufferLimitBytes {
            result.bufferLimit = Int(listener.perConnectionBufferLimitBytes.value)
        }
        result.accessLogs = try AccessLogDecoder.decode(listener.accessLog, context)
        for (index, chain) in listener.filterChains.enumerated() {
            result.filterChains.append(try FilterChainDecoder.decode(chain, context.element("filter_chains", index)))
        }
        if listener.hasDefaultFilterChain {
            result.defaultFilterChain = try FilterChainDecoder.decode(
                listener.defaultFilterChain, context.field("default_filter_chain"))
        }
        guard !result.filterChains.isEmpty || result.defaultFilterChain != nil else {
            throw context.field("filter_chains").error("is empty")
        }
        return result
    }

    private static func telemetry(
        _ listener: Envoy_Config_Listener_V3_Listener, _ context: FieldContext
    ) throws(DecodingError) -> TelemetryScope {
        let fields = MetadataReader.fields(listener.metadata, MetadataKey.telemetry)
        guard !fields.isEmpty else { return TelemetryScope() }
        let place = context.entry("metadata.filter_metadata", MetadataKey.telemetry)
        var scope = TelemetryScope()
        if let reporter = MetadataReader.text(fields["reporter"]) {
            guard let known = TelemetryScope.Reporter(rawValue: reporter) else { throw place.field("reporter").error("is unknown") }
            scope.reporter = known
        }
        switch fields["metricsDisabled"]?.kind {
        case .boolValue(true): scope.disabledMetrics = ["ALL_METRICS"]
        case .listValue(let names): scope.disabledMetrics = Set(names.values.compactMap(MetadataReader.text))
        case .boolValue(false), .nullValue, nil: break
        default: throw place.field("metricsDisabled").error("is neither a truth value nor a list")
        }
        return scope
    }
}
