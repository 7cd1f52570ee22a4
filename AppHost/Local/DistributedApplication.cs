using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using EnterprisePortal.Local;
using Microsoft.Extensions.Configuration;

#pragma warning disable IDE0130 // The namespace is Aspire's: see README.md beside this file.
namespace Aspire.Hosting;

public interface IDistributedApplicationBuilder
{
    ConfigurationManager Configuration { get; }
    string AppHostDirectory { get; }
    DistributedApplicationExecutionContext ExecutionContext { get; }
    DistributedApplication Build();

    internal DataFolder Data { get; }
    internal IResourceBuilder<T> Add<T>(T resource) where T : IResource;
}

public sealed class DistributedApplicationExecutionContext
{
    /// <summary>Only Aspire writes deployments.</summary>
    public bool IsPublishMode { get; }
}

public sealed class DistributedApplication
{
    readonly LocalRun run;

    internal DistributedApplication(LocalRun run) => this.run = run;

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new Builder(args);

    public async Task RunAsync()
    {
        using (run)
            Environment.ExitCode = await run.Run();
    }

    sealed class Builder : IDistributedApplicationBuilder
    {
        readonly List<IResource> resources = [];

        public Builder(string[] args)
        {
            Configuration.AddJsonFile(Path.Combine(AppHostDirectory, "appsettings.json")).AddEnvironmentVariables().AddCommandLine(args);
            Data = new(Path.GetFullPath(Configuration["Data"] ?? "../.data", AppHostDirectory));
        }

        public ConfigurationManager Configuration { get; } = new();
        public string AppHostDirectory { get; } = typeof(Builder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == nameof(AppHostDirectory)).Value!;
        public DistributedApplicationExecutionContext ExecutionContext { get; } = new();
        public DataFolder Data { get; }

        public IResourceBuilder<T> Add<T>(T resource) where T : IResource
        {
            if (resources.Any(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
                throw new InvalidOperationException($"Two resources are named {resource.Name}.");
            resources.Add(resource);
            return new ResourceBuilder<T>(this, resource);
        }

        public DistributedApplication Build() => new(new(resources, Configuration, Data));
    }
}
