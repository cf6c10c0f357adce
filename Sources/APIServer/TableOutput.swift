// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import MeshResources

/// Resources as rows, for `get`: the columns that Istio's CRDs and Kubernetes itself print.
package struct TableOutput: Sendable {
    package struct Column: Sendable {
        package var name: String
        /// Only shown with `-o wide`.
        package var isWide = false
        var value: @Sendable (ValidatedResource, Date) -> String
    }

    package var columns: [Column]

    package init(_ kind: ResourceKind) {
        columns = [Column(name: "Name") { resource, _ in resource.metadata.name }] + Self.own(kind)
        columns.append(Column(name: "Age") { Self.age($0.metadata.creationTimestamp, now: $1) })
    }

    package func row(_ resource: ValidatedResource, now: Date) -> [String] { columns.map { $0.value(resource, now) } }

    /// A `meta.k8s.io/v1` Table.
    func document(_ resources: [ValidatedResource], version: String, listMetadata: ManifestValue, now: Date) -> ManifestValue {
        let definitions = columns.enumerated().map { index, column -> ManifestValue in
            [
                "name": .init(.string(column.name)), "type": "string", "format": index == 0 ? "name" : "", "description": "",
                "priority": .init(.integer(column.isWide ? 1 : 0)),
            ]
        }
        let rows = resources.map { resource -> ManifestValue in
            [
                "cells": .init(.array(row(resource, now: now).map { .init(.string($0)) })),
                "object": [
                    "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": resource.tree["metadata"] ?? [:],
                ],
            ]
        }
        return [
            "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": listMetadata,
            "columnDefinitions": .init(.array(definitions)), "rows": .init(.array(rows)),
        ]
    }

    private static func own(_ kind: ResourceKind) -> [Column] {
        func text(_ name: String, wide: Bool = false, _ value: @escaping @Sendable (ManifestValue) -> String?) -> Column {
            Column(name: name, isWide: wide) { resource, _ in value(resource.tree["spec"] ?? [:]) ?? "" }
        }
        switch kind {
        case .namespace: return [Column(name: "Status") { _, _ in "Active" }]
        case .serviceAccount: return []
        case .service:
            return [
                text("Type") { $0.string("type") ?? "ClusterIP" }, text("Port(s)") { ports($0) },
                text("Selector", wide: true) { pairs($0.stringMap("selector")) },
            ]
        case .virtualService: return [text("Gateways") { strings($0, "gateways") }, text("Hosts") { strings($0, "hosts") }]
        case .destinationRule: return [text("Host") { $0.string("host") }]
        case .serviceEntry:
            return [
                text("Hosts") { strings($0, "hosts") }, text("Location") { $0.string("location") },
                text("Resolution") { $0.string("resolution") },
            ]
        case .workloadEntry:
            return [
                text("Address") { $0.string("address") },
                text("Service-Account", wide: true) { $0.string("serviceAccount") },
                text("Labels", wide: true) { pairs($0.stringMap("labels")) },
            ]
        case .peerAuthentication: return [text("Mode") { $0["mtls"]?.string("mode") }]
        case .authorizationPolicy: return [text("Action") { $0.string("action") ?? "ALLOW" }]
        case .telemetry: return []
        }
    }

    private static func strings(_ spec: ManifestValue, _ key: String) -> String? {
        spec.strings(key).map { "[" + $0.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
    }

    private static func pairs(_ map: [String: String]?) -> String {
        guard let map, !map.isEmpty else { return "<none>" }
        return map.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    private static func ports(_ spec: ManifestValue) -> String {
        let ports = spec["ports"]?.array ?? []
        return ports.map { "\($0.int("port") ?? 0)/\($0.string("protocol") ?? "TCP")" }.joined(separator: ",")
    }

    /// As kubectl: the two largest units while they matter.
    package static func age(_ timestamp: String, now: Date) -> String {
        guard let created = try? Date(timestamp, strategy: .iso8601) else { return "<unknown>" }
        let seconds = Int(max(0, now.timeIntervalSince(created)))
        let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400)
        if seconds < 120 { return "\(seconds)s" }
        if minutes < 10 { return seconds % 60 == 0 ? "\(minutes)m" : "\(minutes)m\(seconds % 60)s" }
        if hours < 3 { return "\(minutes)m" }
        if hours < 8 { return minutes % 60 == 0 ? "\(hours)h" : "\(hours)h\(minutes % 60)m" }
        if days < 2 { return "\(hours)h" }
        if days < 8 { return hours % 24 == 0 ? "\(days)d" : "\(days)d\(hours % 24)h" }
        return days < 730 ? "\(days)d" : "\(days / 365)y\(days % 365)d"
    }
}
