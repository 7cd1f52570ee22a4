using System.Reflection;
using EnterprisePortal.AppHost.Running;
using EnterprisePortal.AppHost.Stores;
using Microsoft.Extensions.Configuration;

namespace EnterprisePortal.AppHost;

/// <summary>Runs the map's projects from the dlls of this build (compiled ahead), instead of by a <c>dotnet run</c> each.</summary>
static class Launched
{
    static readonly IReadOnlyDictionary<string, string> dlls = typeof(Launched).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Where(data => data.Key.StartsWith("Launched:", StringComparison.Ordinal))
        .ToDictionary(data => data.Key["Launched:".Length..], data => data.Value!);

    /// <summary>A project as it was built. Without an endpoint it is a job, which ends when its work is done.</summary>
    public static IResourceBuilder<ProjectResource> AddBuilt<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var project = builder.AddProject<TProject>(name, options => options.ExcludeLaunchProfile = true);
        return builder.ExecutionContext.IsPublishMode ? project
            : project.RunBuilt(new TProject().ProjectPath).InDevelopment().WithoutHttpsCertificate();
    }

    /// <summary>Served over HTTP, with a health check, by as many processes as the setting <c>Replicas</c> says.</summary>
    public static IResourceBuilder<ProjectResource> AsService(this IResourceBuilder<ProjectResource> project, int? port) =>
        project.WithReplicas(project.ApplicationBuilder.Configuration.GetValue("Replicas", 1)).AnswersAt(port).LeftOutIfWanted();

    /// <summary>
    /// A single process listens on its port itself: Aspire's proxy would add a hop, and may keep sending to a process that was killed.
    /// Several processes share the proxy's port.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AnswersAt(this IResourceBuilder<ProjectResource> project, int? port)
    {
        var alone = project.ApplicationBuilder.ExecutionContext.IsRunMode && project.Resource.GetReplicaCount() == 1;
        return (alone ? project.WithHttpEndpoint(port: port ?? FreePort.Next(), isProxied: false) : project.WithHttpEndpoint(port: port))
            .WithHttpHealthCheck("/health");
    }

    /// <summary>Data in its database is encrypted with a secret from outside the database.</summary>
    public static IResourceBuilder<ProjectResource> ProtectedBy(
        this IResourceBuilder<ProjectResource> project, IResourceBuilder<ParameterResource> secret) =>
        project.WithEnvironment("DataProtection__Key", secret);

    /// <summary>
    /// Waits until it is healthy, unless it is left out: whoever runs that one starts it when they like, and Aspire never learns of it.
    /// What waits must itself go on until it answers.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WaitForStarted(
        this IResourceBuilder<ProjectResource> project, IResourceBuilder<ProjectResource> service) =>
        LeftOut.Is(service.Resource) ? project : project.WaitFor(service);

    static IResourceBuilder<ProjectResource> RunBuilt(this IResourceBuilder<ProjectResource> project, string path) => project
        .WithAnnotation(new ExecutableAnnotation
        {
            Command = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", WorkingDirectory = Path.GetDirectoryName(path)!
        })
        .WithArgs(dlls[Path.GetFileNameWithoutExtension(path)]);

    static IResourceBuilder<ProjectResource> InDevelopment(this IResourceBuilder<ProjectResource> project) => project
        // Tells an observer of the process which world it belongs to.
        .WithEnvironment("Data", project.ApplicationBuilder.Configuration["Data"])
        .WithEnvironment("DOTNET_ENVIRONMENT", "Development")
        .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
        // 16 MB (hexadecimal). The default grows with the processor's cache, and a dozen processes share this machine.
        .WithEnvironment("DOTNET_GCgen0size", "0x1000000")
        // A dozen processes start at once: tiered compilation waits until they are all up.
        .WithEnvironment("DOTNET_TC_CallCountingDelayMs", "3000")
        // Code pages are not mapped a second time for writing, which costs a system call per method: a hardening that matters where
        // strangers reach the process.
        .WithEnvironment("DOTNET_EnableWriteXorExecute", "0")
        // Idle threads do not spin for work on processors that the other processes need.
        .WithEnvironment("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0")
        // Aspire's default exports everything each second, metrics included: half a processor for a dashboard that few look at.
        .WithEnvironment("OTEL_METRIC_EXPORT_INTERVAL", "10000")
        .WithEnvironment("OTEL_BSP_SCHEDULE_DELAY", "2000")
        .WithEnvironment("OTEL_BLRP_SCHEDULE_DELAY", "2000")
        // Aspire asks from the first moment on, and shows the answer itself: "not yet" is no error in a log.
        .WithEnvironment("Logging__LogLevel__Microsoft.Extensions.Diagnostics.HealthChecks", "None")
        .WithEnvironment("NO_PROXY", "localhost,127.0.0.1,::1")
        .WithEnvironment("Logging__Console__FormatterName", "simple")
        .WithEnvironment("Logging__Console__FormatterOptions__SingleLine", "true")
        .WithEnvironment("Logging__Console__FormatterOptions__TimestampFormat", "HH:mm:ss.fff ");
}
