using System.Diagnostics;

namespace EnterprisePortal.Local;

/// <summary>
/// A server as a child process of ours, for machines without containers (docs/adr/0001-two-ways-to-run.md). Each child is told of by
/// <c>started(pid, signal)</c>, so that a reaper can end it also when we are killed.
/// </summary>
abstract class PrivateServer : IAsyncDisposable
{
    readonly List<(Process Process, string Signal)> children = [];

    protected PrivateServer(string folder) => Log = Path.Combine(Directory.CreateDirectory(folder).FullName, "server.log");

    public string Log { get; }

    /// <summary>The server itself. It has the process's id also after every <c>exec</c> on the way.</summary>
    public Process Process => children[^1].Process;
    public int ProcessId => Process.Id;

    /// <summary>Ends the children, the last one started first.</summary>
    public async Task StopAsync()
    {
        foreach (var (process, signal) in Enumerable.Reverse(children))
        {
            if (!process.HasExited)
                await Run("kill", ["-s", signal, $"{process.Id}"], CancellationToken.None);
            try
            {
                await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
            }
            catch (TimeoutException)
            {
                process.Kill(entireProcessTree: true);
            }
            process.Dispose();
        }
        children.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A session of its own keeps Ctrl-C in the terminal from the server; its output goes straight to the log, so that no pipe breaks when we die.</summary>
    protected void StartChild(IEnumerable<string> command, string signal, Action<int, string>? started, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec setsid \"$@\" >>\"$SERVER_LOG\" 2>&1 </dev/null", "sh", .. command])
        {
            // What a dying server drops (RabbitMQ: MnesiaCore.…) falls among its own files.
            WorkingDirectory = Path.GetDirectoryName(Log)
        };
        start.Environment["SERVER_LOG"] = Log;
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        children.Add((process, signal));
        started?.Invoke(process.Id, signal);
    }

    /// <exception cref="InvalidOperationException">It ended, or was not ready in two minutes; says what its log says.</exception>
    protected async Task WaitUntil(Func<CancellationToken, Task<bool>> ready, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            while (!await ready(cancel))
            {
                if (Process.HasExited || Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(2))
                    throw new InvalidOperationException($"{GetType().Name} did not start. From {Log}:\n{string.Join('\n', File.ReadLines(Log).TakeLast(15))}");
                await Task.Delay(100, cancel);
            }
        }
        catch
        {
            // The caller never gets a server to stop, be it for a failure or for a Ctrl-C while we wait.
            await StopAsync();
            throw;
        }
    }

    protected static async Task<(int ExitCode, string Said)> Run(string file, IEnumerable<string> arguments, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, string.Concat(said));
    }
}
