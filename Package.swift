// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// Targets stand in layer order (ARCHITECTURE.md): a target imports only lower layers and the packages it lists.

let warningsAsErrors: [SwiftSetting] =
    Context.environment["MALLA_WARNINGS_AS_ERRORS"] == "1" ? [.treatAllWarnings(as: .error)] : []

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + warningsAsErrors

/// Symbols that nobody outside asks for are not exported, so that code which nothing calls is left out; relocations are packed. Each
/// would stay in memory otherwise: docs/performance.md.
let smallProgram: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-use-ld=lld", "-Xlinker", "--no-export-dynamic", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
        ], .when(platforms: [.linux], configuration: .release))
]

extension Target.Dependency {
    static let nioCore: Self = .product(name: "NIOCore", package: "swift-nio")
    static let nioLocks: Self = .product(name: "NIOConcurrencyHelpers", package: "swift-nio")
    static let nioPosix: Self = .product(name: "NIOPosix", package: "swift-nio")
    static let nioEmbedded: Self = .product(name: "NIOEmbedded", package: "swift-nio")
    static let nioTLS: Self = .product(name: "NIOTLS", package: "swift-nio")
    static let nioHTTP1: Self = .product(name: "NIOHTTP1", package: "swift-nio")
    static let nioSSL: Self = .product(name: "NIOSSL", package: "swift-nio-ssl")
    static let protobuf: Self = .product(name: "SwiftProtobuf", package: "swift-protobuf")
    static let grpcCore: Self = .product(name: "GRPCCore", package: "grpc-swift-2")
    static let grpcTransport: Self = .product(name: "GRPCNIOTransportHTTP2", package: "grpc-swift-nio-transport")
    static let grpcProtobuf: Self = .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf")
    static let x509: Self = .product(name: "X509", package: "swift-certificates")
    static let asn1: Self = .product(name: "SwiftASN1", package: "swift-asn1")
    static let crypto: Self = .product(name: "Crypto", package: "swift-crypto")
    static let jwt: Self = .product(name: "JWTKit", package: "jwt-kit")
    static let logging: Self = .product(name: "Logging", package: "swift-log")
    static let yams: Self = .product(name: "Yams", package: "Yams")
    static let grdb: Self = .product(name: "GRDB", package: "GRDB.swift")
    static let hummingbird: Self = .product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore: Self = .product(name: "HummingbirdCore", package: "hummingbird")
    static let httpTypes: Self = .product(name: "HTTPTypes", package: "swift-http-types")
    static let httpClient: Self = .product(name: "AsyncHTTPClient", package: "async-http-client")
    static let lifecycle: Self = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let signals: Self = .product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let arguments: Self = .product(name: "ArgumentParser", package: "swift-argument-parser")
    static let deque: Self = .product(name: "DequeModule", package: "swift-collections")
    static let orderedCollections: Self = .product(name: "OrderedCollections", package: "swift-collections")
}

func layer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}
func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "malla",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "malla", targets: ["malla"]),
        .executable(name: "malla-proxy", targets: ["malla-proxy"]),
        .executable(name: "malla-demo", targets: ["malla-demo"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.0"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.0"),
        .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.5.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    ],
    targets: [
        // Layer 0: values and bytes.
        layer("SPIFFE", [.x509, .crypto, .asn1]),
        layer("HTTP1", [.nioCore]),
        layer("EnvoyAPI", [.protobuf]),
        layer("Observability", [.logging]),

        // Layer 1: models.
        layer("ProxyModel", ["SPIFFE"]),
        layer("HTTP2", ["HTTP1", .nioCore, .deque]),
        layer("MeshResources", [.yams]),
        layer("MeshModel", ["MeshResources", "SPIFFE"]),

        // Layer 2: pure logic.
        layer("ProxyCore", ["HTTP1", "Observability", "ProxyModel", "SPIFFE", .nioCore]),
        layer("XDSProtocol", [.crypto]),
        layer("XDSDecoding", ["EnvoyAPI", "Observability", "ProxyModel", "SPIFFE", .protobuf]),
        layer("Translation", ["EnvoyAPI", "MeshModel", "MeshResources", "Observability", "SPIFFE", .protobuf]),
        layer("Analysis", ["MeshModel", "MeshResources"]),

        // Layer 3: adapters.

        // Event loops and channels of our own: docs/decisions/0009-event-loop-of-our-own.md
        .target(name: "CPoll"),
        layer("Sockets", ["CPoll", .nioCore, .nioLocks, .deque]),
        layer(
            "Proxy",
            [
                "HTTP1", "HTTP2", "Observability", "ProxyCore", "ProxyModel", "SPIFFE", "Sockets", .nioCore, .nioPosix, .nioSSL,
                .nioTLS,
                .x509, .asn1, .crypto,
                .logging, .deque,
            ]),
        layer(
            "XDSClient",
            [
                "EnvoyAPI", "SPIFFE", "XDSProtocol", .grpcCore, .grpcTransport, .grpcProtobuf, .protobuf, .logging, .x509,
                .nioCore, .nioSSL,
            ]),
        layer(
            "XDSServer",
            [
                "EnvoyAPI", "SPIFFE", "XDSProtocol", .grpcCore, .grpcTransport, .grpcProtobuf, .protobuf, .logging, .x509,
                .nioCore, .nioSSL,
            ]),
        layer("ResourceStores", ["MeshResources", .grdb]),
        layer("MeshCA", ["SPIFFE", .x509, .asn1, .crypto, .jwt, .logging]),
        layer(
            "APIServer",
            [
                "Analysis", "MeshModel", "MeshResources", "ResourceStores", "SPIFFE", .hummingbird, .hummingbirdCore, .httpTypes,
                .logging, .nioCore, .nioSSL,
            ]),

        // fork and exec with a parent-death signal: docs/decisions/0001-child-processes.md
        .target(name: "CSpawn"),
        layer("Processes", ["CSpawn"]),

        // Heap and program pages that only the start needs: docs/performance.md, memory.
        .target(name: "CProcessMemory"),

        // Layer 4: wiring.
        layer(
            "ProxyRuntime",
            [
                "CProcessMemory", "EnvoyAPI", "HTTP1", "Observability", "Proxy", "ProxyCore", "ProxyModel", "SPIFFE", "Sockets",
                "XDSClient",
                "XDSDecoding",
                "XDSProtocol", .nioCore, .nioPosix, .nioHTTP1, .nioSSL, .protobuf, .x509, .yams, .lifecycle, .logging,
            ]),
        layer(
            "ControlPlane",
            [
                "Analysis", "APIServer", "EnvoyAPI", "MeshCA", "MeshModel", "MeshResources", "Observability", "ResourceStores",
                "SPIFFE",
                "Translation", "XDSProtocol", "XDSServer", .lifecycle, .logging, .nioCore, .nioPosix, .x509, .protobuf,
            ]),

        // Layer 5: programs.
        program(
            "malla",
            [
                "APIServer", "Analysis", "ControlPlane", "EnvoyAPI", "MeshCA", "MeshModel", "MeshResources", "Processes", "SPIFFE",
                "XDSClient", "XDSServer",
                .arguments, .signals,
                .httpClient, .lifecycle,
                .logging, .nioCore, .nioPosix, .nioHTTP1, .nioSSL, .protobuf, .x509, .yams,
            ]),
        .executableTarget(
            name: "malla-proxy", dependencies: ["ProxyRuntime", .arguments, .lifecycle, .logging], swiftSettings: settings,
            linkerSettings: smallProgram),
        // Benchmarks/README.md; the counter stands in front of the allocator of the program that links it, and of no other.
        .target(name: "CAllocationCounter", path: "Benchmarks/CAllocationCounter"),
        .executableTarget(
            name: "allocation-bench",
            dependencies: [
                "CAllocationCounter", "HTTP1", "HTTP2", "Observability", "Proxy", "ProxyRuntime", "Sockets", .nioCore, .logging,
            ],
            path: "Benchmarks/AllocationBench", swiftSettings: settings),
        program("malla-demo", [.arguments, .grpcCore, .grpcTransport, .nioCore, .nioPosix, .nioHTTP1]),

        // Tests mirror the sources; the last four join several layers.
        .target(
            name: "MeshTestKit", dependencies: ["Processes", .nioCore, .nioPosix], path: "Tests/MeshTestKit",
            swiftSettings: settings),
        tests("ProcessesTests", ["MeshTestKit", "Processes"]),
        tests("MallaTests", ["malla"]),
        tests("SPIFFETests", ["SPIFFE", .x509, .crypto]),
        tests("HTTP1Tests", ["HTTP1", "MeshTestKit", .nioCore]),
        tests("HTTP2Tests", ["HTTP1", "HTTP2", "MeshTestKit", .nioCore]),
        tests("EnvoyAPITests", ["EnvoyAPI", "MeshTestKit", .protobuf], exclude: ["compare_descriptors.py"]),
        tests("ObservabilityTests", ["Observability"]),
        tests("MeshResourcesTests", ["MeshResources", "MeshTestKit"], exclude: ["Brief"]),
        tests("MeshModelTests", ["MeshModel", "MeshResources", "SPIFFE"]),
        tests("ProxyCoreTests", ["HTTP1", "MeshTestKit", "Observability", "ProxyCore", "ProxyModel", "SPIFFE", .nioCore]),
        tests("XDSProtocolTests", ["XDSProtocol"]),
        tests("XDSDecodingTests", ["EnvoyAPI", "MeshTestKit", "ProxyModel", "SPIFFE", "XDSDecoding", .protobuf]),
        tests("TranslationTests", ["EnvoyAPI", "MeshModel", "MeshResources", "MeshTestKit", "SPIFFE", "Translation", .protobuf]),
        tests("AnalysisTests", ["Analysis", "MeshModel", "MeshResources"]),
        tests("SocketsTests", ["MeshTestKit", "Sockets", .nioCore, .nioEmbedded]),
        tests(
            "ProxyTests",
            [
                "HTTP1", "HTTP2", "MeshTestKit", "Proxy", "ProxyCore", "ProxyModel", "SPIFFE", "Sockets", .nioCore, .nioPosix,
                .nioSSL,
                .nioTLS, .nioEmbedded,
                .x509, .crypto, .logging,
            ]),
        tests(
            "XDSTransportTests",
            [
                "EnvoyAPI", "MeshCA", "MeshTestKit", "ProxyRuntime", "SPIFFE", "XDSClient", "XDSProtocol", "XDSServer", .grpcCore,
                .grpcTransport, .grpcProtobuf, .protobuf, .x509, .crypto, .logging,
            ]),
        tests("MeshCATests", ["MeshCA", "SPIFFE", .x509, .crypto, .logging]),
        tests(
            "ProxyRuntimeTests",
            [
                "EnvoyAPI", "MeshCA", "MeshTestKit", "Observability", "Proxy", "ProxyModel", "ProxyRuntime", "SPIFFE", "Sockets",
                "XDSClient",
                "XDSProtocol", .nioCore, .nioPosix, .protobuf, .x509, .logging,
            ]),
        tests("ContractTests", ["MeshResources", "ResourceStores"]),
        tests(
            "ScenarioTests",
            [
                "EnvoyAPI", "HTTP1", "MeshModel", "MeshResources", "MeshTestKit", "ProxyCore", "ProxyModel", "SPIFFE",
                "Translation",
                "XDSDecoding",
                .nioCore, .protobuf, .yams,
            ],
            exclude: ["Scenarios"]),
        tests(
            "ControlPlaneTests",
            [
                "APIServer", "ControlPlane", "EnvoyAPI", "MeshCA", "MeshResources", "MeshTestKit", "ResourceStores", "SPIFFE",
                "XDSClient", "XDSProtocol", .httpClient, .nioCore, .nioHTTP1, .nioPosix, .nioSSL, .protobuf, .x509, .logging,
            ]),
        // Starts malla-proxy, which a build of the tests makes too.
        tests(
            "DifferentialTests",
            ["HTTP1", "HTTP2", "MeshTestKit", "Processes", .nioCore, .nioPosix, .nioSSL, .nioTLS]),
        tests(
            "IntegrationTests", ["malla", "MeshTestKit", "Processes", .httpClient, .nioCore, .nioPosix, .nioHTTP1],
            exclude: ["Programs"]),
    ]
)
