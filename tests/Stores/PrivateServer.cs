using System.Diagnostics;

namespace EnterprisePortal.Tests.Stores;

/// <summary>
/// A server of this machine's programs as a child process, started by the script that the AppHost uses if no container engine answers
/// (AppHost/Stores/*.sh).
/// </summary>
abstract class PrivateServer : IAsyncDisposable
{
    readonly Process script;

    protected PrivateServer(string name, string folder, IEnumerable<string> arguments, Dictionary<string, string> environment)
    {
        Log = Path.Combine(Directory.CreateDirectory(folder).FullName, "server.log");
        // Its output goes straight to the log; a session of its own protects it from Ctrl-C in the terminal until the tests have ended.
        var start = new ProcessStartInfo("/bin/sh",
            ["-c", "exec setsid /bin/sh \"$@\" >>\"$SERVER_LOG\" 2>&1 </dev/null", "sh",
                Path.Combine(AppContext.BaseDirectory, "Stores", name), folder, .. arguments]);
        start.Environment["SERVER_LOG"] = Log;
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
        script = Process.Start(start)!;
    }

    public string Log { get; }

    /// <summary>The script; its only children are the server's processes.</summary>
    public int ProcessId => script.Id;

    /// <exception cref="InvalidOperationException">It ended, or was not ready within two minutes; the message quotes its log.</exception>
    protected async Task WaitUntil(Func<Task<bool>> ready)
    {
        for (var began = Stopwatch.GetTimestamp(); !await ready(); await Task.Delay(100))
            if (script.HasExited || Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(2))
            {
                await DisposeAsync();
                throw new InvalidOperationException(
                    $"{GetType().Name} did not start. From {Log}:\n{string.Join('\n', File.ReadLines(Log).TakeLast(15))}");
            }
    }

    public async ValueTask DisposeAsync()
    {
        if (!script.HasExited)
        {
            using var kill = Process.Start("kill", ["-s", "TERM", $"{script.Id}"]);
            await kill.WaitForExitAsync();
        }
        try
        {
            await script.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            script.Kill(entireProcessTree: true);
        }
        GC.SuppressFinalize(this);
    }
}
