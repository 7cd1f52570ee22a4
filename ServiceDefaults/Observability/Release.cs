using System.Reflection;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;

namespace EnterprisePortal.ServiceDefaults.Observability;

/// <summary>What runs: <c>1.4.0+5d5b4cb0</c>, version and commit of what <c>publish.sh</c> made. Other builds have neither.</summary>
public static class Release
{
    public static string? Version { get; } =
        typeof(Release).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion is { } version
        && version.Contains('+', StringComparison.Ordinal) ? version : null;

    internal static IEnumerable<KeyValuePair<string, object>> Attributes => Version is null ? [] : [new("service.version", Version)];

    /// <summary>As the framework answers, with the release behind it: <c>Healthy 1.4.0+5d5b4cb0</c>.</summary>
    internal static HealthCheckOptions InHealth { get; } = new()
    {
        ResponseWriter = (http, report) => http.Response.WriteAsync(Version is null ? $"{report.Status}" : $"{report.Status} {Version}")
    };
}
