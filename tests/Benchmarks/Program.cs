// dotnet run -c Release --project tests/Benchmarks -- phone
// dotnet run -c Release --project tests/Benchmarks -- search [families]
// dotnet run -c Release --project tests/Benchmarks -- fanout
// dotnet run -c Release --project tests/Benchmarks -- combine
// What counts are the ratios, each between two things measured in the same run; nothing here passes or fails.
using System.Globalization;
using EnterprisePortal.Benchmarks;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["phone"]:
        await PhoneBenchmark.Run();
        return 0;
    case ["search"]:
        await SearchBenchmark.Run(families: 1_000_000);
        return 0;
    case ["search", var families] when int.TryParse(families, out var number):
        await SearchBenchmark.Run(number);
        return 0;
    case ["fanout"]:
        await FanoutBenchmark.Run();
        return 0;
    case ["combine"]:
        await CombineBenchmark.Run();
        return 0;
    default:
        Console.Error.WriteLine("phone | search [families] | fanout | combine");
        return 1;
}
