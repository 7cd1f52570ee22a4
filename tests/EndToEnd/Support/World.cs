using System.Globalization;
using System.Reflection;
using EnterprisePortal.AppHost.Stores;

namespace EnterprisePortal.Tests.EndToEnd.Support;

/// <summary>
/// A data folder in which the portal can be started again and again, and its addresses. Always with the machine's own PostgreSQL and
/// RabbitMQ: servers given to the tests are shared, and several portals run here at once.
/// </summary>
public sealed class World : IDisposable
{
    static readonly string[] Roles = ["Portal", "Office", "SignIn", "Dashboard"];
    readonly Dictionary<string, int> ports = Roles.ToDictionary(role => role, _ => FreePort.Next(12_000, 20_000));

    public World() => (Portal, Office, Dashboard) = (Address("Portal"), Address("Office"), Address("Dashboard"));

    public string Folder { get; } = Directory.CreateTempSubdirectory("enterprise-portal-world-").FullName;
    public Uri Portal { get; }
    public Uri Office { get; }
    public Uri Dashboard { get; }

    public static string Repository { get; } = Built("Repository");

    public static string TestResults { get; } = Path.Combine(Repository, "TestResults", "EndToEnd");

    /// <summary>The configuration that test.sh, run.sh or the IDE builds: the same as for these tests.</summary>
    public static string Configuration { get; } = Built("Configuration");

    /// <summary>For an AppHost that is started from the command line: <see cref="RunningPortal"/>.</summary>
    internal void Settle(IDictionary<string, string?> environment)
    {
        environment.Remove("ConnectionStrings__postgres");
        environment.Remove("ConnectionStrings__messaging");
        environment["Stores"] = "processes";
        environment["Data"] = Folder;
        foreach (var (role, port) in ports)
            environment[$"Ports__{role}"] = port.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>For an AppHost in this process: <see cref="HostedPortal"/>.</summary>
    internal IEnumerable<string> Settings =>
    [
        $"--Data={Folder}", "--Stores=processes", "--ConnectionStrings:postgres=", "--ConnectionStrings:messaging=",
        "--DcpPublisher:RandomizePorts=false", .. ports.Select(port => $"--Ports:{port.Key}={port.Value}")
    ];

    public sealed record RunningProcess(int Id, string Command);

    /// <summary>
    /// Processes that this world's AppHost has started and that still run: all of them have the folder in their environment.
    /// </summary>
    public IEnumerable<RunningProcess> Processes()
    {
        foreach (var process in Directory.EnumerateDirectories("/proc")
            .Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)))
        {
            string environment, command;
            try
            {
                environment = File.ReadAllText(Path.Combine(process, "environ"));
                command = File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Ended in the meantime, or another user's.
                continue;
            }
            if (command.Length > 0
                && (environment.Contains(Folder, StringComparison.Ordinal) || command.Contains(Folder, StringComparison.Ordinal)))
                yield return new(int.Parse(Path.GetFileName(process), CultureInfo.InvariantCulture), command);
        }
    }

    /// <summary>Every process that should have ended and has not, in words.</summary>
    public IReadOnlyList<string> LeftBehind() =>
    [
        .. Processes().Where(process => process.Id != Environment.ProcessId).Select(process => $"process {process}"),
        .. ports.Where(port => !FreePort.Is(port.Value)).Select(port => $"port {port.Value} ({port.Key})"),
        .. new[] { "lock", "owner" }.Where(name => File.Exists(Path.Combine(Folder, name))).Select(name => $"file {name}")
    ];

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
