using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace EnterprisePortal.AppHost.Running;

/// <summary>A killed <c>dotnet run</c> cannot pass the signal on: the AppHost ends once it has another parent.</summary>
static class ParentProcess
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <returns>null if nobody used <c>dotnet run</c>.</returns>
    public static Timer? EndWithIt(IHostApplicationLifetime lifetime)
    {
        if (Environment.GetEnvironmentVariable("DOTNET_LAUNCH_PROFILE") is null || OperatingSystem.IsWindows())
            return null;
        var started = Id();
        return new(_ =>
        {
            if (Id() != started)
                lifetime.StopApplication();
        }, null, Interval, Interval);
    }

    [DllImport("libc", EntryPoint = "getppid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Id();
}
