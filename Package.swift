// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["LedgerTestKit"], swiftSettings: strict)
}

let package = Package(
    name: "daybook",
    products: [
        .executable(name: "daybookd", targets: ["daybookd"]),
        .executable(name: "daybook", targets: ["daybook"]),
        .library(name: "LedgerClient", targets: ["LedgerClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        // Leaves
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "CChecksum"),
        room("JSONText"),
        room("LedgerModel"),

        // The ledger
        room("SegmentLog", ["CChecksum", "CLZ4", "LedgerModel"]),
        room("EventCodec", ["JSONText", "LedgerModel"]),
        room("Transparency", ["CChecksum", crypto]),
        room("LedgerEngine", ["CChecksum", "EventCodec", "JSONText", "LedgerModel", "SegmentLog", "Transparency"]),
        room("Notary", ["LedgerModel", "SegmentLog", "Transparency"]),
        room("LedgerGenerator", ["EventCodec", "JSONText", "LedgerModel", "SegmentLog"]),

        // Read models: folders of SQL, built into the program
        .executableTarget(name: "EmbedSQL", swiftSettings: strict),
        .plugin(name: "EmbedSQLPlugin", capability: .buildTool(), dependencies: ["EmbedSQL"], path: "Sources/EmbedSQLPlugin"),
        .target(name: "Projections", path: "Projections", swiftSettings: strict, plugins: ["EmbedSQLPlugin"]),
        room("ReadModels", ["CChecksum", "CSQLite", "EventCodec", "JSONText", "LedgerModel", "Projections", "SegmentLog"]),

        room("WhatIf", ["EventCodec", "JSONText", "LedgerModel", "ReadModels", "SegmentLog"]),

        // The socket
        room("LedgerRPC", ["CChecksum", "EventCodec", "JSONText", "LedgerModel"]),
        room(
            "LedgerServer",
            [
                "EventCodec", "JSONText", "LedgerEngine", "LedgerModel", "LedgerRPC", "Notary", "ReadModels", "SegmentLog",
                "Transparency", "WhatIf", logging,
            ] + nio),
        room("LedgerClient", ["JSONText"]),

        // The programs
        .executableTarget(
            name: "daybookd",
            dependencies: [
                "EventCodec", "JSONText", "LedgerEngine", "LedgerGenerator", "LedgerModel", "LedgerServer", "Notary",
                "Projections", "ReadModels", "SegmentLog", "Transparency", "WhatIf", arguments, logging,
            ], swiftSettings: strict),
        .executableTarget(name: "daybook", dependencies: ["LedgerClient", arguments, crypto], swiftSettings: strict),

        // Tests
        .target(
            name: "LedgerSimulation",
            dependencies: ["EventCodec", "LedgerEngine", "LedgerModel", "LedgerTestKit", "ReadModels", "SegmentLog"],
            path: "Tests/LedgerSimulation", swiftSettings: strict),
        .executableTarget(
            name: "daybook-simulate",
            dependencies: [
                "EventCodec", "JSONText", "LedgerEngine", "LedgerModel", "LedgerSimulation", "LedgerTestKit", "ReadModels",
                "SegmentLog",
            ], path: "Tests/Simulate", swiftSettings: strict),
        .target(
            name: "LedgerTestKit", dependencies: ["EventCodec", "JSONText", "LedgerModel", "SegmentLog"],
            path: "Tests/LedgerTestKit",
            swiftSettings: strict),
        .target(name: "ClientTestKit", path: "Tests/ClientTestKit", swiftSettings: strict),
        tests("ChecksumTests", ["CChecksum"]),
        tests("JSONTextTests", ["JSONText"]),
        tests("TransparencyTests", ["Transparency", crypto]),
        .target(
            name: "FuzzLaws", dependencies: ["EventCodec", "JSONText", "LedgerModel", "LedgerRPC", "SegmentLog"],
            path: "Tests/Fuzz/FuzzLaws", swiftSettings: strict),
        .target(
            name: "FuzzNoteLaws", dependencies: ["FuzzLaws", "Transparency"], path: "Tests/Fuzz/FuzzNoteLaws",
            swiftSettings: strict),
        .testTarget(name: "CorpusTests", dependencies: ["FuzzLaws", "FuzzNoteLaws"], swiftSettings: strict),
        tests("NotaryTests", ["EventCodec", "LedgerEngine", "LedgerModel", "Notary", "SegmentLog", "Transparency"]),
        tests("SimulationTests", ["LedgerEngine", "LedgerModel", "LedgerSimulation", "SegmentLog"]),
        tests("LedgerModelTests", ["EventCodec", "JSONText", "LedgerModel"]),
        tests("EventCodecTests", ["EventCodec", "JSONText", "LedgerModel"]),
        tests("SegmentLogTests", ["LedgerModel", "SegmentLog"]),
        tests(
            "LedgerEngineTests",
            ["EventCodec", "JSONText", "LedgerEngine", "LedgerModel", "SegmentLog", "Transparency", crypto]),
        tests(
            "ReadModelsTests", ["CSQLite", "EventCodec", "JSONText", "LedgerModel", "Projections", "ReadModels", "SegmentLog"]),
        tests("LedgerGeneratorTests", ["EventCodec", "JSONText", "LedgerGenerator", "LedgerModel", "SegmentLog"]),
        tests(
            "WhatIfTests",
            [
                "EventCodec", "JSONText", "LedgerClient", "LedgerEngine", "LedgerModel", "LedgerRPC", "LedgerServer", "Notary",
                "Projections",
                "ReadModels", "SegmentLog", "WhatIf", logging,
            ]),
        tests("LedgerRPCTests", ["EventCodec", "JSONText", "LedgerModel", "LedgerRPC"]),
        tests(
            "LedgerServerTests",
            [
                "EventCodec", "JSONText", "LedgerEngine", "LedgerModel", "LedgerRPC", "LedgerServer", "Notary", "Projections",
                "ReadModels", "SegmentLog", "Transparency", logging,
            ] + nio),
        tests("LedgerClientTests", ["ClientTestKit", "JSONText", "LedgerClient"]),
        tests("DaybookTests", ["ClientTestKit", "LedgerClient", "daybook", arguments]),
        tests(
            "DaemonTests",
            [
                "EventCodec", "LedgerClient", "LedgerEngine", "LedgerModel", "SegmentLog", "Transparency", "daybook", "daybookd",
            ]),
    ]
)
