using Microsoft.Extensions.Configuration;

namespace EnterprisePortal.AppHost.Running;

/// <summary>
/// Services that a developer runs in an IDE or by <c>dotnet watch</c> beside the rest: the setting <c>Except</c> (<c>search,reports</c>).
/// The others find them at a fixed port; their environment is written to <c>.data/{name}.env</c>.
/// </summary>
static class LeftOut
{
    public static bool Is(IResource resource) => resource.Annotations.OfType<ExplicitStartupAnnotation>().Any();

    public static IResourceBuilder<ProjectResource> LeftOutIfWanted(this IResourceBuilder<ProjectResource> project)
    {
        var builder = project.ApplicationBuilder;
        if (builder.ExecutionContext.IsPublishMode || !Names(builder.Configuration).Contains(project.Resource.Name))
            return project;
        return project.WithExplicitStart();
    }

    /// <exception cref="StartRefused">No service has that name.</exception>
    public static void Check(IDistributedApplicationBuilder builder)
    {
        var services = builder.Resources.OfType<ProjectResource>().Where(project => project.Annotations.OfType<EndpointAnnotation>().Any())
            .Select(project => project.Name).ToList();
        if (Names(builder.Configuration).FirstOrDefault(name => !services.Contains(name)) is { } unknown)
            throw new StartRefused($"There is no service {unknown} to leave out. There are: {string.Join(", ", services)}.");
    }

    /// <summary>Prints how to run it, once the addresses of everything it needs are known.</summary>
    public static async Task WriteEnvironment(
        ProjectResource project, DataFolder data, DistributedApplicationExecutionContext run, CancellationToken cancel)
    {
        var folder = Path.GetDirectoryName(project.GetProjectMetadata().ProjectPath);
        var file = data.Below($"{project.Name}.env");
        var configuration = await ExecutionConfigurationBuilder.Create(project).WithEnvironmentVariablesConfig()
            .BuildAsync(run, null, cancel);
        var variables = configuration.EnvironmentVariables.ToDictionary();
        variables["ASPNETCORE_URLS"] = project.GetEndpoint("http").Url;
        // A shell cannot set a name with a dot, such as a log level's.
        await File.WriteAllLinesAsync(file, variables.Where(variable => !variable.Key.Contains('.', StringComparison.Ordinal))
            .OrderBy(variable => variable.Key, StringComparer.Ordinal)
            .Select(variable => $"{variable.Key}='{variable.Value.Replace("'", @"'\''", StringComparison.Ordinal)}'"), cancel);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await Console.Out.WriteLineAsync($"""

            {project.Name} is left out; run it yourself at {variables["ASPNETCORE_URLS"]}. Its environment is in {file}:
                set -a; . {file}; set +a; dotnet watch run --no-launch-profile --project {folder}

            """);
    }

    static string[] Names(IConfiguration settings) =>
        (settings["Except"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
