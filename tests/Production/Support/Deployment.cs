using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;

namespace EnterprisePortal.Tests.Production.Support;

/// <summary>
/// What a company writes into the environment files of <c>deploy/systemd</c>: the addresses of its machines, and its secrets. A setting
/// that is empty there and has no value here stops the rehearsal, as it would stop the company.
/// </summary>
sealed class Deployment(string folder, Authority authority, IReadOnlyDictionary<string, string> company)
{
    public const string Portal = "portal.rehearsal.test", Office = "office.rehearsal.test", Google = "google.rehearsal.test",
        Microsoft = "microsoft.rehearsal.test", Mail = "mail.rehearsal.test", Postgres = "postgres.rehearsal.test",
        Messaging = "messaging.rehearsal.test";
    public const string DatabaseRole = "enterprise_portal", ClientId = "enterprise-portal", MailUser = "portal";
    readonly Dictionary<string, string> secrets = [];

    public static string Repository { get; } =
        typeof(Deployment).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Repository").Value!;

    /// <summary>What publish.sh made, or without it what the AppHost's build launches.</summary>
    public static string Published { get; } = Environment.GetEnvironmentVariable("REHEARSAL_PUBLISHED") ?? "";

    /// <summary><c>1.4.0</c> for <c>artifacts/1.4.0</c>.</summary>
    public static string Version => Path.GetFileName(Published.TrimEnd('/'));

    public static IReadOnlyList<string> Services { get; } =
        ["identity", "accounts", "search", "sync", "reports", "permissions", "audit", "gateway"];

    /// <summary>Addresses of the two machines that run the portal.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    public string Secret(string name) => secrets.TryGetValue(name, out var known) ? known : secrets[name] =
        RandomNumberGenerator.GetHexString(48, lowercase: true);

    public Machine.Unit Service(string service, params string[] arguments) =>
        Unit(arguments.Length == 0 ? service : $"{service}-{arguments[0]}", CultureInfo.InvariantCulture.TextInfo.ToTitleCase(service),
            EnvironmentOf(service), arguments);

    public static Machine.Unit Unit(string name, string project, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var program = Published is "" ? Path.Combine(Repository, "AppHost", "bin", "launched", project)
            : Path.Combine(Published, project.ToLowerInvariant());
        // The reference account system is not published: it is nobody's product.
        if (!Directory.Exists(program))
            program = Path.Combine(Repository, "AppHost", "bin", "launched", project);
        return new(name, program, ["dotnet", Path.Combine(program, $"{project}.dll"), .. arguments], settings);
    }

    public Dictionary<string, string> EnvironmentOf(string service)
    {
        var settings = Trusting();
        foreach (var line in File.ReadLines(Path.Combine(Repository, "deploy", "systemd", $"{service}.env.example")))
            if (line.Split('=', 2) is [var key, var value] && !key.StartsWith('#'))
                foreach (var (name, filled) in Filled(service, key, value))
                    settings[name] = filled;
        return settings;
    }

    /// <summary>The company's own authority, and Production as the framework's default says.</summary>
    public Dictionary<string, string> Trusting() => new()
    { ["SSL_CERT_FILE"] = authority.Bundle, ["ASPNETCORE_ENVIRONMENT"] = "Production" };

    IEnumerable<(string Key, string Value)> Filled(string service, string key, string value)
    {
        if (key.StartsWith("services__", StringComparison.Ordinal))
            // A replica of each service on each machine.
            return Hosts.Select((host, number) => ($"{key[..^1]}{number}", value.Replace("localhost", host, StringComparison.Ordinal)));
        return [(key, key switch
        {
            "ConnectionStrings__messaging" => $"amqp://portal:{Secret("rabbitmq")}@{Messaging}:5672",
            _ when key.StartsWith("ConnectionStrings__", StringComparison.Ordinal) =>
                value.Replace("localhost", Postgres, StringComparison.Ordinal)
                    .Replace("Username=portal;Password=",
                        $"Username={DatabaseRole};Password={Secret("database")}", StringComparison.Ordinal),
            "Portal__ClientSecret" => Secret($"client-{service}"),
            _ when key.StartsWith("Clients__", StringComparison.Ordinal) => Secret($"client-{key["Clients__".Length..]}"),
            "DataProtection__Key" or "Audit__SigningKey" => Secret($"{service}-{key}"),
            "Audit__HeadsFolder" or "Audit__ArchiveFolder" =>
                Directory.CreateDirectory(Path.Combine(folder, Path.GetFileName(value))).FullName,
            _ when company.TryGetValue(key, out var set) => set,
            _ => value is "" ? throw new InvalidOperationException($"{service}.env.example: what is {key}?") : value
        })];
    }
}
