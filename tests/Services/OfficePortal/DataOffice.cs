using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Import;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Npgsql;

namespace EnterprisePortal.Tests.OfficePortal;

/// <summary>The Office Portal on Kestrel with two accounts of the demo world, made late in the evening of a fixed day and paired with the
/// portal.</summary>
public sealed class DataOffice(Servers servers) : IAsyncLifetime
{
    public const string Austin = "bluedolphin-austin", Denver = "bluedolphin-denver";
    const string Url = "http://localhost:8090", Discovery = "/.well-known/openid-configuration";
    readonly string database = $"officeportal_data_{Environment.ProcessId}_{Random.Shared.GetHexString(6, lowercase: true)}";
    readonly Outbound outbound = new();
    WebApplicationFactory<Account> host = null!;

    public Clock Clock { get; } = new();

    public NpgsqlDataSource Db => host.Services.GetRequiredService<NpgsqlDataSource>();

    public async ValueTask InitializeAsync()
    {
        Clock.Set(new(2026, 3, 10, 23, 30, 0, TimeSpan.FromHours(-5)));
        var described = new { issuer = TestIdentity.Issuer, jwks_uri = "http://localhost:8080/.well-known/jwks" };
        outbound.Answer("localhost:8080", request => request.RequestUri!.AbsolutePath == Discovery
            ? new() { Content = JsonContent.Create(described) }
            : TestIdentity.Answer(request));
        var connection = await servers.NewDatabase(database);
        host = new WebApplicationFactory<Account>().WithWebHostBuilder(builder =>
        {
            builder.UseSetting("urls", "http://127.0.0.1:0");
            builder.UseSetting("ConnectionStrings:officeportal", connection);
            builder.UseSetting("Office:Url", Url);
            builder.UseSetting("Portal:Url", TestIdentity.Issuer);
            builder.UseSetting("Demo:Accounts", "2");
            builder.UseSetting("Demo:Families", "300");
            builder.ConfigureTestServices(
                services => services.AddSingleton<TimeProvider>(Clock).AddSingleton<IHttpMessageHandlerBuilderFilter>(outbound));
        });
        host.UseKestrel(); // a broken line is only real on a real one
        host.StartServer();
        await Sql("update account set issuer = $1", TestIdentity.Issuer);
    }

    /// <summary>One of the portal's services, in this account.</summary>
    public HttpClient Portal(string account)
    {
        var client = host.CreateClient();
        client.BaseAddress = new(client.BaseAddress!, $"/{account}/api/enterprise/v1/");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer",
            TestIdentity.Token([new("client_id", "sync"), new("scope", TestIdentity.EveryScope)], audiences: [$"{Url}/{account}"]));
        return client;
    }

    public async Task Fault(string account, string mode) =>
        (await host.CreateClient().PutAsJsonAsync($"/_faults/{account}", new { mode })).EnsureSuccessStatusCode();

    public Task<ImportFamilies.Outcome> Import(string csv) =>
        ImportFamilies.Import(Db, Austin, new MemoryStream(Encoding.UTF8.GetBytes(csv)), Clock.GetUtcNow(),
            TestContext.Current.CancellationToken);

    public async Task<T> Ask<T>(string sql, params object[] values)
    {
        await using var command = Db.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task Sql(string sql, params object[] values)
    {
        await using var command = Db.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await servers.DropDatabase(database);
        outbound.Dispose();
    }
}
