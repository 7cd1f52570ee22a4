using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EnterprisePortal.Accounts;
using EnterprisePortal.Accounts.Import;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace EnterprisePortal.Tests.Accounts;

/// <summary>Accounts with both enterprises imported as in production; their account systems answer at <c>office.example</c>.</summary>
public sealed class AccountsService(Servers servers) : Service<AccountsDb>(servers)
{
    public HashSet<string> Down { get; } = [];
    public HashSet<(string Account, string StaffEmail)> StaffMissing { get; } = [("tumbletime-lincoln", "portal-user@tumbletime.example")];
    public List<PairRequest> Pairings { get; } = [];

    /// <summary>The code each account's owner has issued; where none is named every code is right.</summary>
    public Dictionary<string, string> Codes { get; } = [];

    /// <summary>With another enterprise than whoever asks, as they say themselves to the right code.</summary>
    public HashSet<string> Paired { get; } = [];
    public HashSet<string> Unguarded { get; } = [];
    public List<string> Released { get; } = [];

    DirectoryReplica Directory => Instance.Services.GetRequiredService<DirectoryReplica>();
    public Enterprise BlueDolphin => Directory.Enterprises.Single(enterprise => enterprise.Name == Demo.BlueDolphin.EnterpriseName);
    public Guid East => BlueDolphin.Groups.Values.Single(group => group.Name == "East").Id;
    public Guid West => BlueDolphin.Groups.Values.Single(group => group.Name == "West").Id;
    public Person RootAdmin => Demo.RootAdmin with { GroupId = BlueDolphin.Id };
    public Person RootUser => Demo.RootUser with { GroupId = BlueDolphin.Id };
    public Person EastAdmin => Demo.EastAdmin with { GroupId = East };
    public Person EastUser => Demo.EastUser with { GroupId = East };
    public Person TumbleUser => Demo.TumbleUser with
        { GroupId = Directory.Enterprises.Single(enterprise => enterprise.Name == Demo.TumbleTime.EnterpriseName).Id };
    public Person TumbleAdmin => Demo.TumbleAdmin with { GroupId = TumbleUser.GroupId };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Outbound.Answer("office.example", Office);
        Assert.Equal(0, await Import(FileOf(Demo.BlueDolphin)));
        Assert.Equal(0, await Import(FileOf(Demo.TumbleTime)));
    }

    public async Task<int> Import(string json)
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, json);
        try
        {
            await using var scope = Instance.Services.CreateAsyncScope();
            using var http = new HttpClient(Outbound, disposeHandler: false);
            var services = scope.ServiceProvider;
            return await new ImportEnterprise(services.GetRequiredService<AccountsDb>(),
                services.GetRequiredService<NpgsqlDataSource>(), new PairAccount(http, Clock),
                services.GetRequiredService<DirectoryChange>(),
                services.GetRequiredService<IHostEnvironment>(), services.GetRequiredService<IConfiguration>(), Clock)
                    .Import(path, TestContext.Current.CancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static string FileOf(DirectoryChanged directory) => JsonSerializer.Serialize(new
    {
        name = directory.EnterpriseName,
        microsoftTenants = new[] { "7c1d5f0e-5b1a-4c7e-9a55-0d5a5e3b1c01" },
        groups = directory.Groups.Select(group => new
        {
            group.Name, parent = directory.Groups.SingleOrDefault(above => above.Id == group.ParentId)?.Name, group.UserEmail,
            group.AdminEmail, group.Accounts
        }),
        accounts = directory.Accounts.Select(account => new { account.BaseUrl, pairingCode = $"code-of-{account.Code}" }),
        users = new[]
            { new { email = $"first@{directory.Accounts[0].Code}.example", name = "First Admin", level = "admin",
                group = directory.Groups[0].Name, provider = "google" } }
    }, JsonSerializerOptions.Web);

    async Task<HttpResponseMessage> Office(HttpRequestMessage request, CancellationToken cancel)
    {
        var path = request.RequestUri!.AbsolutePath.Split('/');
        var code = path[1];
        if (Down.Contains(code))
            throw new HttpRequestException("Connection refused");
        if (path is [.., "pair"])
        {
            var pairing = (await request.Content!.ReadFromJsonAsync<PairRequest>(cancel))!;
            lock (Pairings)
                Pairings.Add(pairing);
            if (Codes.TryGetValue(code, out var right) && right != pairing.PairingCode)
                return new(HttpStatusCode.Forbidden);
            if (Paired.Contains(code))
                return new(HttpStatusCode.Conflict);
            var place = new AccountLocation("Main", $"City of {code}", "TX");
            return Json(new PairResponse(code, $"Name of {code}", $"Owner of {code}",
                new("Zoë Contact", $"owner@{code}.example", "+15125550100"), [place], "America/Chicago", "US",
                """{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"1"}]}"""));
        }
        if (request.Headers.Authorization is null && !Unguarded.Contains(code))
            return new(HttpStatusCode.Unauthorized);
        switch (path[^1])
        {
            case "restrictions":
                return Json(new RestrictionSet(0, []));
            case "snapshot":
                var header = JsonSerializer.Serialize<SnapshotLine>(
                    new SnapshotHeader(code, Clock.GetUtcNow(), "1.20260301"), JsonSerializerOptions.Web);
                return new(HttpStatusCode.OK) { Content = new StringContent(header + "\n", Encoding.UTF8, "application/x-ndjson") };
            case "release":
                lock (Released)
                    Released.Add(code);
                return new(HttpStatusCode.NoContent);
        }
        var email = Uri.UnescapeDataString(path[^1]);
        return StaffMissing.Contains((code, email)) ? new(HttpStatusCode.NotFound)
            : Json(new StaffUser(email, "Portal", true, false, true, true));
    }

    static HttpResponseMessage Json<T>(T value) => new(HttpStatusCode.OK)
        { Content = new StringContent(JsonSerializer.Serialize(value, JsonSerializerOptions.Web), Encoding.UTF8, "application/json") };
}
