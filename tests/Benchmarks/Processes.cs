using System.Globalization;

namespace EnterprisePortal.Benchmarks;

/// <summary>What the kernel says of other processes: Linux only, like the rest of it.</summary>
static class Processes
{
    const double TicksInASecond = 100;

    /// <summary>Processor time of a process and all that it started, in milliseconds, those that ended included.</summary>
    public static double CpuWithChildren(int process) => Stat(process) is { } own
        ? (own[11] + own[12] + own[13] + own[14]) * 1000 / TicksInASecond + Children(process).Sum(CpuWithChildren)
        : 0;

    /// <summary>The most memory it has held since <see cref="ForgetPeak"/>, in megabytes.</summary>
    public static double PeakMemory(int process) => double.Parse(
        File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(':')[1]
            .Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;

    public static void ForgetPeak(int process) => File.WriteAllText($"/proc/{process}/clear_refs", "5");

    static IEnumerable<int> Children(int process) => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
        .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
        .Select(name => int.Parse(name!, CultureInfo.InvariantCulture)).Where(one => Stat(one) is { } stat && (int)stat[1] == process);

    /// <summary>The fields after the name, which may hold spaces: state, parent, …</summary>
    static long[]? Stat(int process)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{process}/stat");
            return [0, .. line[(line.LastIndexOf(')') + 4)..].Split(' ')
                .Select(field => long.TryParse(field, CultureInfo.InvariantCulture, out var number) ? number : 0)];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
