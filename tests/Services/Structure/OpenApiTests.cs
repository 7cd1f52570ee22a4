using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EnterprisePortal.Accounts;
using EnterprisePortal.Audit;
using EnterprisePortal.Identity;
using EnterprisePortal.Permissions;
using EnterprisePortal.Reports;
using EnterprisePortal.Search.Snapshots;
using EnterprisePortal.Sync;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EnterprisePortal.Tests.Structure;

/// <summary>
/// The APIs as the services describe them, held against the documents under review in <c>docs/openapi</c>. A change that is meant is
/// written by <c>docs/openapi/write.sh</c> and seen in the diff.
/// </summary>
public sealed partial class OpenApiTests(Servers servers)
{
    static readonly bool writes = Environment.GetEnvironmentVariable(nameof(OpenApiTests)) == "write";

    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("accounts"), InlineData("audit"), InlineData("identity"), InlineData("permissions")]
    [InlineData("reports"), InlineData("search"), InlineData("sync"), InlineData("account-api")]
    public async Task A_change_of_an_API_is_seen_in_its_document_under_review(string name)
    {
        var described = Ordered(await Described(name));
        var file = UnderReview(name);
        if (writes)
            await File.WriteAllTextAsync(file, described);

        Assert.Equal((await File.ReadAllTextAsync(file)).Split('\n'), described.Split('\n'));
    }

    [Theory]
    [InlineData("Accounts"), InlineData("Audit"), InlineData("Identity"), InlineData("Permissions")]
    [InlineData("Reports"), InlineData("Search"), InlineData("Sync")]
    public void Every_call_of_a_service_can_be_tried_from_its_http_file(string service)
    {
        var tried = Directory.EnumerateFiles(Repository.Path("services", service), "*.http", SearchOption.AllDirectories)
            .SelectMany(file => Call().Matches(File.ReadAllText(file))).Select(call => call.Groups)
            .Select(call => (Name: call["name"].Value, Method: call["method"].Value, Path: call["path"].Value)).ToList();

        var calls = Calls(service).ToList();
        Assert.Empty(from call in calls
                     where !tried.Exists(one => one.Name == call.Name && one.Method == call.Method && call.Path.IsMatch(one.Path))
                     select $"{call}");
        Assert.Empty(from one in tried
                     where one.Path.StartsWith("/api/", StringComparison.Ordinal) && !calls.Exists(call => call.Name == one.Name)
                     select $"{one}");
    }

    static string UnderReview(string name) => Repository.Path("docs", "openapi", $"{name}.json");

    Task<string> Described(string name) => name switch
    {
        "accounts" => Of<AccountsDb>(name),
        "audit" => Of<RecordActivity>(name),
        "identity" => OfIdentity(),
        "permissions" => Of<PermissionsDb>(name),
        "reports" => Of<ReportsDb>(name),
        "search" => Of<ApplySnapshot>(name),
        "sync" => Of<ReadDueAccounts>(name),
        "account-api" => Of<EnterprisePortal.OfficePortal.Accounts.Account>("officeportal"),
        _ => throw new ArgumentException(name, nameof(name))
    };

    /// <summary>Without database and broker, and so without what works by itself: a service can describe its API all the same.</summary>
    static async Task<string> Of<T>(string service) where T : class
    {
        await using var host = new WebApplicationFactory<T>().WithWebHostBuilder(builder =>
        {
            builder.UseSetting($"ConnectionStrings:{service}", "Host=nowhere.example");
            builder.UseSetting("ConnectionStrings:messaging", "amqp://nowhere.example");
            builder.UseSetting("Portal:Url", TestIdentity.Issuer).UseSetting("Office:Url", "http://localhost:8090");
            builder.UseSetting("Portal:Client", service).UseSetting("Portal:ClientSecret", Servers.Secret);
            builder.UseSetting("DataProtection:Key", Servers.Secret);
            builder.UseSetting("Audit:SigningKey", Servers.Secret).UseSetting("Audit:HeadsFolder", Path.GetTempPath());
            builder.ConfigureTestServices(services =>
            {
                foreach (var job in services.Where(added => added.ServiceType == typeof(IHostedService) && !IsTheServer(added)).ToList())
                    services.Remove(job);
            });
        });
        return await host.CreateClient().GetStringAsync("/openapi/v1.json");
    }

    /// <summary>Its keys are in its database, and nobody is answered without them.</summary>
    async Task<string> OfIdentity()
    {
        await using var identity = new Service<IdentityDb>(servers);
        await identity.InitializeAsync();
        return await identity.Anonymous().GetStringAsync("/openapi/v1.json");
    }

    static bool IsTheServer(ServiceDescriptor added) => added.ImplementationType?.Name == "GenericWebHostService";

    /// <summary>Without the address of the day; paths and schemas by name, so that a move in the code is no change here.</summary>
    static string Ordered(string document)
    {
        var api = JsonNode.Parse(document)!.AsObject();
        api.Remove("servers");
        api["paths"] = ByName(api["paths"]!.AsObject());
        if (api["components"]?["schemas"] is JsonObject schemas)
            api["components"]!["schemas"] = ByName(schemas);
        return api.ToJsonString(Readable) + "\n";
    }

    static JsonObject ByName(JsonObject properties) =>
        new(properties.OrderBy(property => property.Key, StringComparer.Ordinal)
            .Select(property => KeyValuePair.Create(property.Key, property.Value?.DeepClone())));

    static IEnumerable<(string Name, string Method, Regex Path)> Calls(string service) =>
        from path in JsonNode.Parse(File.ReadAllText(UnderReview(service.ToLowerInvariant())))!["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where operation.Value is JsonObject && operation.Value["operationId"] is not null
        select ($"{operation.Value!["operationId"]}", operation.Key.ToUpperInvariant(), Template(path.Key));

    /// <summary><c>/api/groups/{id}</c>, with anything in its place.</summary>
    static Regex Template(string path) => new($"^{Parameter().Replace(Regex.Escape(path), "[^?]+")}/?(\\?.*)?$");

    [GeneratedRegex(@"\\\{[^}]*\}")]
    private static partial Regex Parameter();

    // ### ListUsers: of this group and below
    // GET {{portal}}/api/users?q=east
    [GeneratedRegex(@"^### (?<name>\w+).*\n(?<method>[A-Z]+) \{\{portal\}\}(?<path>\S+)", RegexOptions.Multiline)]
    private static partial Regex Call();
}
