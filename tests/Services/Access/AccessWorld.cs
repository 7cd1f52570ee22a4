using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Audit;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.Permissions;
using EnterprisePortal.Reports;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Sync;
using EnterprisePortal.Tests.Accounts;
using EnterprisePortal.Tests.Identity;
using EnterprisePortal.Tests.Search;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EnterprisePortal.Tests.Access;

/// <summary>One service with both enterprises, the people of the table's columns, and what its rows name in braces.</summary>
sealed class AccessWorld : IAsyncDisposable
{
    readonly Dictionary<string, Person> people = new()
    {
        ["user"] = Demo.RootUser, ["subgroup admin"] = Demo.EastAdmin, ["admin"] = Demo.RootAdmin, ["other's user"] = Demo.TumbleUser,
        ["other's admin"] = Demo.TumbleAdmin
    };
    readonly Dictionary<string, string> names = new()
    {
        ["root"] = $"{Demo.BlueDolphinId}", ["east"] = $"{Demo.EastId}", ["west"] = $"{Demo.WestId}"
    };

    required public IServiceProvider Services { get; init; }
    required public Func<HttpClient> Anonymous { get; init; }
    required public Func<Person, HttpClient> SignedIn { get; init; }
    required public Bus Bus { get; init; }
    required public IAsyncDisposable Service { get; init; }

    public IEnumerable<RouteEndpoint> Endpoints =>
        Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    public HttpClient As(string person) => person == "nobody" ? Anonymous() : SignedIn(people[person]);

    public string Named(string text) =>
        names.Aggregate(text, (named, name) => named.Replace($"{{{name.Key}}}", name.Value, StringComparison.Ordinal));

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    public static Task<AccessWorld> Of(string service, Servers servers) => service switch
    {
        "Accounts" => Accounts(new(servers)),
        "Audit" => Any(new Service<RecordActivity>(servers)),
        "Identity" => Identity(new(servers)),
        "Permissions" => Any(new Service<PermissionsDb>(servers), offices: outbound => _ = new Permissions.Offices(outbound)),
        "Reports" => Reports(new(servers)),
        "Search" => Search(new(servers)),
        "Sync" => Any(new Service<ReadDueAccounts>(servers)),
        _ => throw new ArgumentException(service, nameof(service))
    };

    static async Task<AccessWorld> Any<T>(Service<T> service, Action<Outbound>? offices = null) where T : class
    {
        await service.InitializeAsync();
        (offices ?? (outbound => outbound.Answer("office.example", _ => new(HttpStatusCode.ServiceUnavailable))))(service.Outbound);
        await service.Given(Demo.BlueDolphin, Demo.TumbleTime);
        return await World(service, service.SignedInAs).WithSuspended();
    }

    static AccessWorld World<T>(Service<T> service, Func<Person, HttpClient> signedIn) where T : class =>
        new()
        {
            Services = service.Instance.Services, Anonymous = service.Anonymous, SignedIn = signedIn, Bus = service.Bus,
            Service = service
        };

    /// <summary>A session that was good until an Admin suspended its person.</summary>
    async Task<AccessWorld> WithSuspended(Person? person = null)
    {
        var suspended = people["suspended"] = person ?? people["admin"] with { Session = "of the suspended" };
        await Bus.Publish(new SessionsRevoked(
            suspended.Id, [suspended.Session], "Your account was suspended by an Admin.", TimeProvider.System.GetUtcNow()));
        await Eventually(() => Services.GetRequiredService<RevokedSessions>().Contains(suspended.Session));
        return this;
    }

    static async Task<AccessWorld> Accounts(AccountsService service)
    {
        await service.InitializeAsync();
        var world = World(service, service.SignedInAs);
        (world.people["user"], world.people["subgroup admin"], world.people["admin"]) =
            (service.RootUser, service.EastAdmin, service.RootAdmin);
        (world.people["other's user"], world.people["other's admin"]) = (service.TumbleUser, service.TumbleAdmin);
        (world.names["root"], world.names["east"], world.names["west"]) =
            ($"{service.BlueDolphin.Id}", $"{service.East}", $"{service.West}");
        return await world.WithSuspended();
    }

    static async Task<AccessWorld> Identity(IdentityService service)
    {
        await service.InitializeAsync();
        await service.Invited(Demo.TumbleTimeId, Demo.TumbleAdmin, Demo.TumbleUser);
        // Identity knows its people and their sessions, so they come by the whole way.
        var tokens = new Dictionary<string, Tokens>();
        async Task<Person> SignIn(Person person)
        {
            var (arrived, _) = await service.NewBrowser().SignIn(person.Email, person == Demo.EastAdmin ? "microsoft" : "google");
            var session = arrived!.Access.GetClaim("sid").Value;
            tokens[session] = arrived;
            return person with { Id = await service.UserId(person.Email), Session = session };
        }
        var world = World(service, person => service.Bearing(tokens[person.Session].AccessToken));
        foreach (var (column, person) in world.people.ToList())
            world.people[column] = await SignIn(person);
        var wanda = await SignIn(Demo.WestUser);
        var token = await service.Bearing(tokens[wanda.Session].AccessToken)
            .PostAsJsonAsync("/api/me/tokens", new { name = "Power BI", scopes = new[] { "feed:names" }, days = 30 });
        (world.names["person"], world.names["session"], world.names["token"]) =
            ($"{wanda.Id}", wanda.Session, (await token.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetProperty("id")
                .GetString()!);
        return await world.WithSuspended(await SignIn(Demo.RootAdmin));
    }

    static async Task<AccessWorld> Reports(Service<ReportsDb> service)
    {
        var world = await Any(service, outbound => _ = new Reports.Offices(outbound));
        world.names["run"] = await world.Created(
            "/api/reports/runs", new { report = "FIN-2", parameters = new { from = "2026-10-01", to = "2026-10-31" } });
        // Its report is there to be read.
        await Eventually(async () => (await world.As("user").GetFromJsonAsync<JsonElement>(world.Named("/api/reports/runs/{run}")))
            .GetProperty("state").GetString() == "finished");
        world.names["schedule"] = await world.Created("/api/reports/schedules",
            new { report = "FIN-2", every = "month", parameters = new { from = "2026-10-01", to = "2026-10-31" } });
        return world;
    }

    static async Task<AccessWorld> Search(SearchService service)
    {
        var world = await Any(service);
        await (service.Reading("bluedolphin-austin", SearchService.Family("1", "Mary Smith")) with
        {
            Names = [new("level", "Penguin", 2), new("level", "Pengiun", 1)]
        }).Applied();
        world.names["dismissal"] = await world.Created(
            "/api/validation/levels/dismissals", new { probably = "Penguin", names = new[] { "Pengiun" } });
        return world;
    }

    /// <summary>By the User of the root group, so that everybody in the columns has a view of it.</summary>
    async Task<string> Created(string address, object body)
    {
        using var answer = await As("user").PostAsJsonAsync(address, body);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }
}
