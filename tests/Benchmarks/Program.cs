// dotnet run -c Release --project tests/Benchmarks -- phone
// dotnet run -c Release --project tests/Benchmarks -- search [families]
// dotnet run -c Release --project tests/Benchmarks -- sync [families]
// dotnet run -c Release --project tests/Benchmarks -- fanout
// dotnet run -c Release --project tests/Benchmarks -- combine
// dotnet run -c Release --project tests/Benchmarks -- gateway
// dotnet run -c Release --project tests/Benchmarks -- deliver
// dotnet run -c Release --project tests/Benchmarks -- audit [entries]
// What counts are the ratios, each between two things measured in the same run; nothing here passes or fails.
using System.Globalization;
using EnterprisePortal.Benchmarks;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var size = args is [_, var given] && int.TryParse(given, CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
Task? run = args switch
{
    ["phone"] => PhoneBenchmark.Run(),
    ["search", ..] => SearchBenchmark.Run(size ?? 1_000_000),
    ["sync", ..] => SyncBenchmark.Run(size ?? 1_000_000),
    ["fanout"] => FanoutBenchmark.Run(),
    ["combine"] => CombineBenchmark.Run(),
    ["gateway"] => GatewayBenchmark.Run(),
    ["deliver"] => DeliveryBenchmark.Run(),
    ["audit", ..] => AuditBenchmark.Run(size ?? 1_000_000),
    _ => null
};
if (run is null)
{
    Console.Error.WriteLine("phone | search [families] | sync [families] | fanout | combine | gateway | deliver | audit [entries]");
    return 1;
}
await run;
return 0;
