using System.Globalization;
using System.Reflection;
using EnterprisePortal.Local;

namespace EnterprisePortal.Tests.EndToEnd.Support;

/// <summary>
/// A data folder and ports of its own, in which the portal can be started again and again. Always with the machine's own PostgreSQL and
/// RabbitMQ: servers that were given to the tests are shared, and here several portals run at once.
/// </summary>
public sealed class World : IDisposable
{
    const string Mark = "ENTERPRISE_PORTAL_WORLD";
    static readonly string[] Roles = ["Portal", "Office", "SignIn", "Dashboard"];
    readonly Dictionary<string, int> ports = Roles.ToDictionary(role => role, _ => FreePort.Next(12_000, 20_000));

    public string Folder { get; } = Directory.CreateTempSubdirectory("enterprise-portal-world-").FullName;
    public Uri Portal => Address("Portal");
    public Uri Office => Address("Office");
    public Uri Dashboard => Address("Dashboard");

    public static string Repository { get; } = Built("Repository");

    public static string TestResults { get; } = Path.Combine(Repository, "TestResults", "EndToEnd");

    /// <summary>What test.sh and run.sh build, or the IDE: the same as these tests.</summary>
    public static string Configuration { get; } = Built("Configuration");

    internal void Settle(IDictionary<string, string?> environment)
    {
        environment.Remove("ConnectionStrings__postgres");
        environment.Remove("ConnectionStrings__messaging");
        environment[Mark] = Folder;
        environment["Data"] = Folder;
        foreach (var (role, port) in ports)
            environment[$"Ports__{role}"] = port.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Everything that should have ended and has not, in words: processes (they inherit the mark), ports, locks.</summary>
    public IReadOnlyList<string> LeftBehind() =>
    [
        .. Processes().Select(process => $"process {process}"),
        .. ports.Where(port => !FreePort.Is(port.Value)).Select(port => $"port {port.Value} ({port.Key})"),
        .. new[] { "lock", "owner" }.Where(name => File.Exists(Path.Combine(Folder, name))).Select(name => $"file {name}")
    ];

    IEnumerable<string> Processes()
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)))
        {
            string environment, command;
            try
            {
                environment = File.ReadAllText(Path.Combine(process, "environ"));
                command = File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Ended meanwhile, or another user's.
                continue;
            }
            if (environment.Contains($"{Mark}={Folder}\0", StringComparison.Ordinal) && command.Length > 0)
                yield return $"{Path.GetFileName(process)}: {command}";
        }
    }

    /// <summary>Only the logs stay, in TestResults.</summary>
    public void Dispose()
    {
        var logs = Path.Combine(TestResults, "logs", Path.GetFileName(Folder));
        Directory.CreateDirectory(logs);
        foreach (var log in Directory.EnumerateFiles(Folder, "*.log", SearchOption.AllDirectories))
            File.Copy(log, Path.Combine(logs, Path.GetFileName(log)), overwrite: true);
        Directory.Delete(Folder, recursive: true);
    }

    Uri Address(string role) => new($"http://localhost:{ports[role]}/");

    static string Built(string name) =>
        typeof(World).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == name).Value!;
}
