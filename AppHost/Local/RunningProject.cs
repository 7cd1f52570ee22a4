using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace EnterprisePortal.Local;

/// <summary>One replica of a project: <c>dotnet X.dll</c> in a session of its own, its output in its log.</summary>
sealed class RunningProject : RunningResource
{
    // What is meant for the AppHost, not for each of its children.
    static readonly string[] NotInherited = ["ASPNETCORE_", "ConnectionStrings__", "Parameters__", "Ports__", "Demo__", "Portal__", "services__",
        "DOTNET_LAUNCH_PROFILE", "DOTNET_URLS", "HTTP_PORTS", "HTTPS_PORTS", "URLS", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "MSBUILD"];
    static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(10);
    static readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
    readonly ProjectResource project;
    readonly Uri? address;
    readonly Reaper reaper;

    public RunningProject(ProjectResource project, int replica, string log, Reaper reaper, Action<string> say) : base(NameOf(project, replica), project.IsJob ? "job" : "service", log, say)
    {
        (this.project, this.reaper) = (project, reaper);
        if (project.HasEndpoint)
            Addresses = [address = project.Addresses[replica]];
    }

    public static string NameOf(ProjectResource project, int replica) => project.Addresses.Length == 1 ? project.Name : $"{project.Name}-{replica + 1}";

    protected override async Task<string?> RunOnce(CancellationToken stop)
    {
        using var process = Start();
        ProcessId = process.Id;
        reaper.Started(process.Id, "TERM");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watching = WatchHealth(ended.Token);
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            await Stop(process);
        }
        finally
        {
            await ended.CancelAsync();
            await watching;
            reaper.Gone(process.Id);
        }
        return process.ExitCode == 0 && project.IsJob ? null : $"ended with exit code {process.ExitCode}";
    }

    Process Start()
    {
        // The output goes straight to the file: no pipe breaks when the AppHost dies first.
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec setsid \"$@\" >>\"$RESOURCE_LOG\" 2>&1 </dev/null", "sh", dotnet, project.DllPath, .. project.Arguments])
        {
            WorkingDirectory = project.Folder
        };
        var environment = start.Environment;
        foreach (var name in environment.Keys.Where(name => NotInherited.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))).ToList())
            environment.Remove(name);
        environment["RESOURCE_LOG"] = Log;
        environment["DOTNET_ENVIRONMENT"] = environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        environment["ASPNETCORE_URLS"] = address is null ? "http://127.0.0.1:0" : address.ToString();
        environment["OTEL_SERVICE_NAME"] = project.Name;
        environment["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={Name}";
        // 16 MB (hexadecimal). By default it grows with the processor's cache, and a dozen processes share this machine.
        environment["DOTNET_GCgen0size"] = "0x1000000";
        // A dozen processes start at once: code that has only begun to run is not compiled a second, better time before they are all up.
        environment["DOTNET_TC_CallCountingDelayMs"] = "3000";
        // Nor are its pages mapped a second time for writing, a system call for each method: a hardening that matters where strangers reach the process.
        environment["DOTNET_EnableWriteXorExecute"] = "0";
        // Nor do idle threads of each spin for work on processors that the others need.
        environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        environment["NO_PROXY"] = "localhost,127.0.0.1,::1";
        environment["Logging__Console__FormatterName"] = "simple";
        environment["Logging__Console__FormatterOptions__SingleLine"] = "true";
        environment["Logging__Console__FormatterOptions__TimestampFormat"] = "HH:mm:ss.fff ";
        foreach (var (name, value) in project.Environment)
            environment[name] = value();
        return Process.Start(start)!;
    }

    async Task WatchHealth(CancellationToken ended)
    {
        Runs();
        if (project.HealthPath is null)
            return;
        try
        {
            while (true)
            {
                var problem = await Ask(ended);
                Is(problem is null, problem);
                await Task.Delay(problem is null ? 5000 : 300, ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The process ended; RunOnce says how.
        }
    }

    async Task<string?> Ask(CancellationToken ended)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(address!, project.HealthPath), ended);
            return answer.IsSuccessStatusCode ? null : string.Create(CultureInfo.InvariantCulture, $"{project.HealthPath} answers {(int)answer.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !ended.IsCancellationRequested)
        {
            return $"{project.HealthPath} does not answer";
        }
    }

    static async Task Stop(Process process)
    {
        Unix.Terminate(process);
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeToStop);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }
}
