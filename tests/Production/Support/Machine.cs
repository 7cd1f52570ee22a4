using System.Collections.Concurrent;
using System.Diagnostics;

namespace EnterprisePortal.Tests.Production.Support;

/// <summary>One machine: what runs on it, under a supervisor that starts again what ends by itself, as systemd does.</summary>
sealed class Machine(Network network, string name, string space, string address)
{
    static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(2);
    readonly ConcurrentDictionary<string, Running> running = new();

    public string Name => name;
    public string Space => space;
    public string Address => address;

    sealed record Running(Unit Unit, Process Process)
    {
        public bool Wanted { get; set; } = true;
    }

    /// <param name="Service">Its name here, and of its log.</param>
    public sealed record Unit(
        string Service, string Folder, IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment);

    public void Start(Unit unit)
    {
        var start = new ProcessStartInfo("ip",
            ["netns", "exec", space, "/bin/sh", "-c", "exec \"$@\" >>\"$LOG\" 2>&1 </dev/null", "sh", .. unit.Command])
        { WorkingDirectory = unit.Folder };
        // Only what is configured, and where programs are: nothing of the test's own surroundings.
        foreach (var inherited in start.Environment.Keys.Where(key => key is not ("PATH" or "HOME" or "DOTNET_ROOT" or "LANG")).ToList())
            start.Environment.Remove(inherited);
        foreach (var (key, value) in unit.Environment)
            start.Environment[key] = value;
        start.Environment["LOG"] = Path.Combine(network.Folder, $"{unit.Service}-{name}.log");
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var began = new Running(unit, process);
        running[unit.Service] = began;
        process.Exited += async (_, _) =>
        {
            await Task.Delay(RestartAfter);
            if (began.Wanted)
                Start(unit);
        };
        process.Start();
    }

    /// <summary>Runs to its end.</summary>
    public async Task<int> Run(Unit unit)
    {
        Start(unit);
        var job = running[unit.Service];
        job.Wanted = false;
        await job.Process.WaitForExitAsync();
        running.TryRemove(unit.Service, out _);
        return job.Process.ExitCode;
    }

    public string Log(string service) => Path.Combine(network.Folder, $"{service}-{name}.log");

    /// <summary>SIGTERM, as a deployment does. It may take a supervisor's patience.</summary>
    public async Task<TimeSpan> Terminate(string service)
    {
        var (stopped, began) = (running[service], Stopwatch.GetTimestamp());
        stopped.Wanted = false;
        Network.Shell($"kill -s TERM {stopped.Process.Id}");
        await stopped.Process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return Stopwatch.GetElapsedTime(began);
    }

    public void StartAgain(string service) => Start(running[service].Unit);

    /// <summary>The power fails: everything on it is gone at once.</summary>
    public void Kill()
    {
        LetGo();
        Network.Shell($"ip netns pids {space} | xargs -r kill -s KILL");
    }

    public void Boot()
    {
        foreach (var stopped in running.Values)
            Start(stopped.Unit);
    }

    /// <summary>The cable is pulled: everything runs on, unreachable.</summary>
    public void Cut() => Network.Shell($"ip link set r-{name} down");

    public void Reconnect() => Network.Shell($"ip link set r-{name} up");

    internal void LetGo()
    {
        foreach (var one in running.Values)
            one.Wanted = false;
    }
}
