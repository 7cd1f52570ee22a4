using System.Diagnostics;

namespace EnterprisePortal.Tests.EndToEnd.Support;

/// <summary>The whole system, started by the last line of run.sh, in its own process group as in a terminal.</summary>
public sealed class RunningPortal : IAsyncDisposable
{
    // It takes seconds on an idle machine; this allows for busy ones.
    static readonly TimeSpan ToStart = TimeSpan.FromMinutes(4), ToStop = TimeSpan.FromSeconds(60);
    readonly World world;
    readonly Process process, watchdog;
    readonly List<string> said = [];
    readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RunningPortal(World world, params (string Name, string Value)[] settings)
    {
        this.world = world;
        // A test run started in the background of a script ignores SIGINT, and its children would inherit that.
        var start = new ProcessStartInfo("env",
            ["--default-signal=INT", "setsid", "dotnet", "run", "--project", "AppHost", "--configuration", World.Configuration,
                "--no-build", "--verbosity", "quiet"])
        {
            WorkingDirectory = World.Repository, RedirectStandardOutput = true, RedirectStandardError = true
        };
        world.Settle(start.Environment);
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += Hear;
        process.ErrorDataReceived += Hear;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // The pipe closes however the test run ends, even if it is killed: no process of it stays behind on the machine.
        watchdog = Process.Start(new ProcessStartInfo("setsid", ["/bin/sh", "-c", $"read -r done || kill -s TERM {process.Id}"])
        { RedirectStandardInput = true })!;
    }

    public string Said
    {
        get
        {
            lock (said)
                return string.Join('\n', said);
        }
    }

    /// <exception cref="InvalidOperationException">It ended instead, or never became ready.</exception>
    public async Task Ready()
    {
        if (await Task.WhenAny(ready.Task, process.WaitForExitAsync(), Task.Delay(ToStart)) != ready.Task)
            throw new InvalidOperationException($"The portal did not start:\n{Said}");
    }

    /// <summary>Waits as long as a start may take.</summary>
    public Task EndsByItself() => process.WaitForExitAsync().WaitAsync(ToStart);

    public Task Says(string words) =>
        Wait.Eventually(() => Said.Contains(words, StringComparison.Ordinal), $"It did not say: {words}", ToStart);

    public async Task<int> Ended()
    {
        await process.WaitForExitAsync().WaitAsync(ToStop);
        return process.ExitCode;
    }

    /// <summary>Like Ctrl-C in a terminal: every process in the foreground receives it.</summary>
    public async Task<int> CtrlC()
    {
        await Signal("INT", -process.Id);
        return await Ended();
    }

    public async Task<int> Terminate()
    {
        await Signal("TERM", process.Id);
        return await Ended();
    }

    /// <summary>Kills the AppHost and the <c>dotnet run</c> around it, without warning.</summary>
    public async Task Kill()
    {
        await Signal("KILL", -process.Id);
        await Ended();
    }

    /// <summary><c>kill -9</c> of one process of a service.</summary>
    public async Task KillOne(string service) => await Signal("KILL", (await Processes(service))[0]);

    /// <returns>The processes of a service, once there are <paramref name="count"/>.</returns>
    public async Task<IReadOnlyList<int>> Processes(string service, int count = 1)
    {
        IReadOnlyList<int> found = [];
        await Wait.Eventually(
            () => (found = [.. world.Processes().Where(process => process.Command.Contains($"/{service}.dll", StringComparison.Ordinal))
            .Select(process => process.Id)]).Count >= count, $"There are not {count} processes of {service}.");
        return found;
    }

    static async Task Signal(string signal, int process)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -s {signal} -- {process}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    void Hear(object sender, DataReceivedEventArgs line)
    {
        lock (said)
            said.Add(line.Data ?? "");
        if (line.Data?.Contains("Ctrl-C stops everything", StringComparison.Ordinal) == true)
            ready.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await Terminate();
        process.Dispose();
        await watchdog.StandardInput.WriteLineAsync("done");
        await watchdog.WaitForExitAsync();
        watchdog.Dispose();
    }
}
