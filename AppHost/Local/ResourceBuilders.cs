using Aspire.Hosting.ApplicationModel;
using EnterprisePortal.Local;

#pragma warning disable IDE0130 // The namespace is Aspire's: see README.md beside this file.
namespace Aspire.Hosting;

public static class ResourceBuilders
{
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.Parameter(name, () => throw new StartRefused($"Set Parameters__{name}{(secret ? " (a secret)" : "")}."));

    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, string value) =>
        builder.Parameter(name, () => value);

    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        secret && persist && value is GenerateParameterDefault { Special: false } generate
            ? builder.Parameter(name, () => builder.Data.Secret(name, generate.MinLength))
            : throw new NotSupportedException("Generated parameters are secret, persisted, letters and digits.");

    static IResourceBuilder<ParameterResource> Parameter(this IDistributedApplicationBuilder builder, string name, Func<string> otherwise) =>
        builder.Add(new ParameterResource(name, () => builder.Configuration[$"Parameters:{name}"] ?? otherwise()));

    public static IResourceBuilder<PostgresServerResource> AddPostgres(this IDistributedApplicationBuilder builder, string name) =>
        builder.Add(new PostgresServerResource(name));

    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.Databases.Add(database);
        return builder.ApplicationBuilder.Add(database);
    }

    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(this IDistributedApplicationBuilder builder, string name) =>
        builder.Add(new RabbitMQServerResource(name));

    // Containers have images and volumes; the private servers are what the machine has, and keep their data under .data anyway.
    public static IResourceBuilder<T> WithImageTag<T>(this IResourceBuilder<T> builder, string tag) where T : ContainerResource => builder;
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder) => builder;
    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(this IResourceBuilder<RabbitMQServerResource> builder) => builder;
    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder) => builder;

    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new()
    {
        if (launchProfileName is not null)
            throw new NotSupportedException("Launch profiles are not read here.");
        var project = new TProject();
        return builder.Add(new ProjectResource(name, project.ProjectPath, ((IBuiltProject)project).DllPath));
    }

    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.Also(project => project.Addresses = new Uri[replicas]);

    public static IResourceBuilder<ProjectResource> WithHttpEndpoint(this IResourceBuilder<ProjectResource> builder, int? port = null) =>
        builder.Also(project => (project.HasEndpoint, project.Port) = (true, port));

    public static IResourceBuilder<ProjectResource> WithExternalHttpEndpoints(this IResourceBuilder<ProjectResource> builder) => builder;

    public static IResourceBuilder<ProjectResource> WithHttpHealthCheck(this IResourceBuilder<ProjectResource> builder, string? path = null) =>
        builder.Also(project => project.HealthPath = path ?? "/");

    public static IResourceBuilder<ProjectResource> WithArgs(this IResourceBuilder<ProjectResource> builder, params string[] args) =>
        builder.Also(project => project.Arguments.AddRange(args));

    public static IResourceBuilder<ProjectResource> WithEnvironment(this IResourceBuilder<ProjectResource> builder, string name, string? value) =>
        builder.Also(project => project.Environment[name] = () => value);

    public static IResourceBuilder<ProjectResource> WithEnvironment(this IResourceBuilder<ProjectResource> builder, string name, IResourceBuilder<ParameterResource> parameter) =>
        builder.Also(project => project.Environment[name] = () => parameter.Resource.Value);

    public static IResourceBuilder<ProjectResource> WithReference(this IResourceBuilder<ProjectResource> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null) =>
        builder.Also(project => project.Environment[$"ConnectionStrings__{connectionName ?? source.Resource.Name}"] = () => source.Resource.ConnectionString);

    public static IResourceBuilder<ProjectResource> WithReference(this IResourceBuilder<ProjectResource> builder, IResourceBuilder<ProjectResource> source) =>
        builder.Also(project =>
        {
            for (var replica = 0; replica < source.Resource.Addresses.Length; replica++)
            {
                var n = replica;
                project.Environment[$"services__{source.Resource.Name}__http__{n}"] = () => source.Resource.Addresses[n].ToString().TrimEnd('/');
            }
        });

    public static IResourceBuilder<ProjectResource> WaitFor(this IResourceBuilder<ProjectResource> builder, IResourceBuilder<IResource> dependency) =>
        builder.Also(project => project.WaitsFor.Add(dependency.Resource is PostgresDatabaseResource database ? database.Server : dependency.Resource));

    static IResourceBuilder<T> Also<T>(this IResourceBuilder<T> builder, Action<T> change) where T : IResource
    {
        change(builder.Resource);
        return builder;
    }
}
