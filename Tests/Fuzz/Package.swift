// swift-tools-version: 6.2
// The fuzzers, built by tools/fuzz in .build/fuzz, where Sources and Tests are links: every room must be compiled for
// coverage, so they are a package of their own.
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = [], in folder: String = "Sources") -> Target {
    .target(name: name, dependencies: dependencies, path: "\(folder)/\(name)", swiftSettings: strict)
}

func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies + ["CFuzz"], path: "Tests/Fuzz/\(name)", swiftSettings: strict)
}

let package = Package(
    name: "daybook-fuzz",
    dependencies: [.package(url: "https://github.com/apple/swift-crypto", from: "4.5.2")],
    targets: [
        .systemLibrary(name: "CLZ4", path: "Sources/CLZ4", pkgConfig: "liblz4"),
        .target(name: "CChecksum", path: "Sources/CChecksum"),
        room("JSONText"),
        room("LedgerModel"),
        room("SegmentLog", ["CChecksum", "CLZ4", "LedgerModel"]),
        room("EventCodec", ["JSONText", "LedgerModel"]),
        room("LedgerRPC", ["CChecksum", "EventCodec", "JSONText", "LedgerModel"]),
        room("Transparency", ["CChecksum", .product(name: "Crypto", package: "swift-crypto")]),
        .target(name: "CFuzz", path: "Tests/Fuzz/CFuzz"),
        room("FuzzLaws", ["EventCodec", "JSONText", "LedgerModel", "LedgerRPC", "SegmentLog"], in: "Tests/Fuzz"),
        room("FuzzNoteLaws", ["FuzzLaws", "Transparency"], in: "Tests/Fuzz"),
        fuzzer("FuzzLog", ["CChecksum", "FuzzLaws"]),
        fuzzer("FuzzEvents", ["FuzzLaws"]),
        fuzzer("FuzzRequests", ["FuzzLaws"]),
        fuzzer("FuzzNotes", ["FuzzNoteLaws"]),
    ]
)
