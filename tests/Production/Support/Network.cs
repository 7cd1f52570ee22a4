using System.Diagnostics;

namespace EnterprisePortal.Tests.Production.Support;

/// <summary>
/// Machines on one network: a bridge, and a network namespace with an address of its own for each. The addresses are those reserved for
/// documentation (RFC 5737): they belong to nobody, and the portal takes them for public ones, as it must take an account system's.
/// </summary>
sealed class Network : IDisposable
{
    const string Bridge = "rehearsal", Prefix = "rehearsal-", Subnet = "198.51.100.";
    readonly Dictionary<string, string> names = [];
    readonly List<Machine> machines = [];
    readonly Process watchdog;

    public Network(string folder)
    {
        Folder = folder;
        // The pipe closes however the test run ends, even if it is killed: nothing of it stays behind on the machine.
        watchdog = Process.Start(new ProcessStartInfo("setsid", ["/bin/sh", "-c", $"read -r done; {Remove}"])
        { RedirectStandardInput = true, RedirectStandardError = true })!;
        Shell(Remove);
        Shell($"ip link add {Bridge} type bridge && ip addr add {Subnet}254/24 dev {Bridge} && ip link set {Bridge} up");
    }

    /// <summary>What is missing for namespaces; null if they can be made here.</summary>
    public static string? Missing()
    {
        if (!Succeeds("test $(id -u) = 0"))
            return "network namespaces need root";
        return new[] { "ip", "haproxy", "npm", "node", "/usr/bin/python3" }.FirstOrDefault(
            program => !Succeeds($"command -v {program}")) is { } program ? $"{program} is not installed"
            : !Succeeds("/usr/bin/python3 -c 'import aiosmtpd'") ? "python3-aiosmtpd is not installed"
            : Succeeds($"ip netns add {Prefix}try && ip netns del {Prefix}try") ? null : "network namespaces cannot be made here";
    }

    public string Folder { get; }

    public static string Range => Subnet + "0/24";

    public Machine Add(string name, int number)
    {
        var (space, address) = (Prefix + name, $"{Subnet}{number}");
        Shell($"""
            ip netns add {space}
            ip link add r-{name} type veth peer name eth0 netns {space}
            ip link set r-{name} master {Bridge} up
            ip -n {space} link set lo up
            ip -n {space} addr add {address}/24 dev eth0
            ip -n {space} link set eth0 up
            """);
        var machine = new Machine(this, name, space, address);
        machines.Add(machine);
        return machine;
    }

    /// <summary>What a company's DNS would say; known to machines on which something is started afterwards.</summary>
    public void Name(string host, Machine machine)
    {
        names[host] = machine.Address;
        foreach (var each in machines)
        {
            var folder = Directory.CreateDirectory($"/etc/netns/{each.Space}").FullName;
            File.WriteAllLines(Path.Combine(folder, "hosts"),
                ["127.0.0.1 localhost", .. names.Select(name => $"{name.Value} {name.Key}")]);
        }
    }

    public string AddressOf(string host) => names[host];

    // Also what a run left behind that was killed together with its watchdog.
    const string Remove = $$"""
        for space in $(ip netns list | grep -o '^{{Prefix}}[a-z0-9-]*'); do
          ip netns pids $space | xargs -r kill -s KILL; ip link del r-${space#{{Prefix}}} 2>/dev/null
          ip netns del $space; rm -rf /etc/netns/$space
        done
        ip link del {{Bridge}} 2>/dev/null || true
        """;

    public static void Shell(string commands)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-ec", commands]) { RedirectStandardError = true })!;
        var said = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        if (shell.ExitCode != 0)
            throw new InvalidOperationException($"{commands}\n{said}");
    }

    static bool Succeeds(string command)
    {
        using var shell = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        shell.WaitForExit();
        return shell.ExitCode == 0;
    }

    public void Dispose()
    {
        machines.ForEach(machine => machine.LetGo());
        watchdog.StandardInput.Close();
        watchdog.WaitForExit();
        watchdog.Dispose();
    }
}
