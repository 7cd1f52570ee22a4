#pragma warning disable IDE0130 // The namespaces are Aspire's: see README.md beside this file.
namespace Aspire.Hosting
{
    public interface IProjectMetadata
    {
        string ProjectPath { get; }
    }

    /// <summary>What Local.targets adds to it: the dll that this build made.</summary>
    public interface IBuiltProject
    {
        string DllPath { get; }
    }
}

namespace Aspire.Hosting.ApplicationModel
{
    public interface IResource
    {
        string Name { get; }
    }

    public interface IResourceWithConnectionString : IResource
    {
        /// <summary>Known when the server runs.</summary>
        string ConnectionString { get; }
    }

    public interface IResourceBuilder<out T> where T : IResource
    {
        IDistributedApplicationBuilder ApplicationBuilder { get; }
        T Resource { get; }
    }

    sealed record ResourceBuilder<T>(IDistributedApplicationBuilder ApplicationBuilder, T Resource) : IResourceBuilder<T> where T : IResource;

    public abstract class ContainerResource(string name) : IResource
    {
        public string Name { get; } = name;
    }

    public sealed class PostgresServerResource(string name) : ContainerResource(name)
    {
        internal List<PostgresDatabaseResource> Databases { get; } = [];
        internal string ServerConnectionString { get; set; } = "";
    }

    public sealed class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource server) : IResourceWithConnectionString
    {
        public string Name => name;
        public string DatabaseName => databaseName;
        public string ConnectionString => $"{server.ServerConnectionString};Database={databaseName}";
        internal PostgresServerResource Server => server;
    }

    public sealed class RabbitMQServerResource(string name) : ContainerResource(name), IResourceWithConnectionString
    {
        public string ConnectionString { get; internal set; } = "";
    }

    public abstract class ParameterDefault;

    public sealed class GenerateParameterDefault : ParameterDefault
    {
        public int MinLength { get; set; }
        public bool Special { get; set; } = true;
    }

    public sealed class ParameterResource(string name, Func<string> value) : IResource
    {
        public string Name => name;
        internal string Value => value();
    }

    public sealed class ProjectResource(string name, string projectPath, string dllPath) : IResource
    {
        public string Name => name;
        internal string Folder { get; } = Path.GetDirectoryName(projectPath)!;
        internal string DllPath => dllPath;
        internal List<string> Arguments { get; } = [];
        /// <summary>Asked for when the process starts: only then are connection strings known.</summary>
        internal Dictionary<string, Func<string?>> Environment { get; } = [];
        internal List<IResource> WaitsFor { get; } = [];
        internal string? HealthPath { get; set; }
        internal bool HasEndpoint { get; set; }
        internal int? Port { get; set; }
        /// <summary>Nobody calls it: it does its work and ends.</summary>
        internal bool IsJob => !HasEndpoint;
        /// <summary>One per replica.</summary>
        internal Uri[] Addresses { get; set; } = [null!];
    }
}
