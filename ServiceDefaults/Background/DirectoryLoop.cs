using EnterprisePortal.ServiceDefaults.Directory;
using Microsoft.Extensions.Logging;

namespace EnterprisePortal.ServiceDefaults.Background;

/// <summary>Also woken by each change of the directory.</summary>
public abstract class DirectoryLoop(DirectoryReplica directory, TimeSpan interval, TimeProvider clock, ILogger log)
    : BackgroundLoop(interval, clock, log)
{
    protected DirectoryReplica Directory { get; } = directory;

    protected virtual void Changed(Enterprise enterprise) => Wake();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Directory.Changed += Changed;
        try
        {
            await base.ExecuteAsync(stoppingToken);
        }
        finally
        {
            Directory.Changed -= Changed;
        }
    }
}
