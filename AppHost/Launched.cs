using System.Reflection;
using EnterprisePortal.AppHost.Stores;
using Microsoft.Extensions.Configuration;

namespace EnterprisePortal.AppHost;

/// <summary>How the map's projects are run: as the dlls that this build made (compiled ahead), not by one <c>dotnet run</c> each.</summary>
static class Launched
{
    static readonly IReadOnlyDictionary<string, string> dlls = typeof(Launched).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Where(data => data.Key.StartsWith("Launched:", StringComparison.Ordinal))
        .ToDictionary(data => data.Key["Launched:".Length..], data => data.Value!);

    /// <summary>A project as it was built. Without an endpoint it is a job: it does its work and ends.</summary>
    public static IResourceBuilder<ProjectResource> AddBuilt<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var project = builder.AddProject<TProject>(name, options => options.ExcludeLaunchProfile = true);
        return builder.ExecutionContext.IsPublishMode ? project
            : project.RunBuilt(new TProject().ProjectPath).InDevelopment().WithoutHttpsCertificate();
    }

    /// <summary>Reached over HTTP, with a health check, in as many processes as the setting <c>Replicas</c> says.</summary>
    public static IResourceBuilder<ProjectResource> AsService(this IResourceBuilder<ProjectResource> project, int? port) =>
        project.WithReplicas(project.ApplicationBuilder.Configuration.GetValue("Replicas", 1)).AnswersAt(port).LeftOutIfWanted();

    /// <summary>
    /// One process answers at its port itself: Aspire's proxy in between would cost a hop, and may go on sending to a process that was killed.
    /// Several share the port of the proxy.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AnswersAt(this IResourceBuilder<ProjectResource> project, int? port)
    {
        var alone = project.ApplicationBuilder.ExecutionContext.IsRunMode && project.Resource.GetReplicaCount() == 1;
        return (alone ? project.WithHttpEndpoint(port: port ?? FreePort.Next(), isProxied: false) : project.WithHttpEndpoint(port: port))
            .WithHttpHealthCheck("/health");
    }

    /// <summary>What it keeps in its database is encrypted under a secret from outside of it.</summary>
    public static IResourceBuilder<ProjectResource> ProtectedBy(
        this IResourceBuilder<ProjectResource> project, IResourceBuilder<ParameterResource> secret) =>
        project.WithEnvironment("DataProtection__Key", secret);

    static IResourceBuilder<ProjectResource> RunBuilt(this IResourceBuilder<ProjectResource> project, string path) => project
        .WithAnnotation(new ExecutableAnnotation
        {
            Command = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", WorkingDirectory = Path.GetDirectoryName(path)!
        })
        .WithArgs(dlls[Path.GetFileNameWithoutExtension(path)]);

    static IResourceBuilder<ProjectResource> InDevelopment(this IResourceBuilder<ProjectResource> project) => project
        // Which world a process belongs to, for whoever looks at it from outside.
        .WithEnvironment("Data", project.ApplicationBuilder.Configuration["Data"])
        .WithEnvironment("DOTNET_ENVIRONMENT", "Development")
        .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
        // 16 MB (hexadecimal). By default it grows with the processor's cache, and a dozen processes share this machine.
        .WithEnvironment("DOTNET_GCgen0size", "0x1000000")
        // A dozen processes start at once: code that has only begun to run is not compiled a second, better time before they are all up.
        .WithEnvironment("DOTNET_TC_CallCountingDelayMs", "3000")
        // Nor are its pages mapped a second time for writing, a system call for each method: a hardening that matters where strangers reach
        // the process.
        .WithEnvironment("DOTNET_EnableWriteXorExecute", "0")
        // Nor do idle threads of each spin for work on processors that the others need.
        .WithEnvironment("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0")
        // Aspire has everything sent each second, metrics too: half a processor for a dashboard that few look at.
        .WithEnvironment("OTEL_METRIC_EXPORT_INTERVAL", "10000")
        .WithEnvironment("OTEL_BSP_SCHEDULE_DELAY", "2000")
        .WithEnvironment("OTEL_BLRP_SCHEDULE_DELAY", "2000")
        .WithEnvironment("NO_PROXY", "localhost,127.0.0.1,::1")
        .WithEnvironment("Logging__Console__FormatterName", "simple")
        .WithEnvironment("Logging__Console__FormatterOptions__SingleLine", "true")
        .WithEnvironment("Logging__Console__FormatterOptions__TimestampFormat", "HH:mm:ss.fff ");
}
