using System.Net;
using EnterprisePortal.Tests.Accounts;
using EnterprisePortal.Tests.Search;
using EnterprisePortal.Tests.Support;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EnterprisePortal.Tests.Operations;

/// <summary>A service that starts while a store is away does what it can, says that it is not ready, and needs nobody once it is
/// back.</summary>
public class StoresAwayTests(SearchService search) : IClassFixture<SearchService>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Families_are_found_by_a_service_that_started_without_RabbitMQ_and_it_is_ready_once_that_is_back()
    {
        await search.Indexed("bluedolphin-austin", SearchService.Family("1", "Mary Brown"));
        var (there, broker) = (search.Settings["ConnectionStrings:messaging"], new Uri(search.Settings["ConnectionStrings:messaging"]));
        await using var line = new Line(broker.Host, broker.Port);
        search.Settings["ConnectionStrings:messaging"] = new UriBuilder(broker) { Host = "127.0.0.1", Port = line.Port }.Uri.ToString();
        await using var replica = new Service<EnterprisePortal.Search.Snapshots.ApplySnapshot>.Replica(search);
        using var person = replica.CreateClient();
        search.Settings["ConnectionStrings:messaging"] = there;
        person.DefaultRequestHeaders.Authorization = new("Bearer", TestIdentity.TokenOf(Demo.RootUser));

        var found = await person.GetStringAsync("/api/search/families?name=brown", Cancel);

        Assert.Contains("Mary Brown", found, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await person.GetAsync("/health", Cancel)).StatusCode);
        line.Mended();
        await replica.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, Wait.Limit);
        await Wait.Eventually(async () => (await person.GetAsync("/health", Cancel)).StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_service_that_started_without_PostgreSQL_answers_as_soon_as_that_is_there()
    {
        var there = new NpgsqlConnectionStringBuilder(search.Settings["ConnectionStrings:search"]);
        await using var line = new Line(there.Host!, there.Port);
        search.Settings["ConnectionStrings:search"] =
            new NpgsqlConnectionStringBuilder(there.ConnectionString) { Host = "127.0.0.1", Port = line.Port }.ConnectionString;
        await using var replica = new Service<EnterprisePortal.Search.Snapshots.ApplySnapshot>.Replica(search);
        var starting = Task.Run(replica.CreateClient, Cancel);
        await Task.WhenAny(starting, Task.Delay(TimeSpan.FromSeconds(2), Cancel));
        search.Settings["ConnectionStrings:search"] = there.ConnectionString;
        Assert.False(starting.IsCompleted);

        line.Mended();

        using var client = await starting.WaitAsync(Wait.Limit, Cancel);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/alive", Cancel)).StatusCode);
    }
}

public class EntryWithoutRabbitMQTests(AccountsService accounts) : IClassFixture<AccountsService>
{
    [Fact]
    public async Task An_account_is_entered_although_neither_RabbitMQ_nor_Audit_is_there()
    {
        var cancel = TestContext.Current.CancellationToken;
        await accounts.Given(Demo.BlueDolphin);
        var (there, broker) = (accounts.Settings["ConnectionStrings:messaging"], new Uri(accounts.Settings["ConnectionStrings:messaging"]));
        await using var line = new Line(broker.Host, broker.Port);
        accounts.Settings["ConnectionStrings:messaging"] = new UriBuilder(broker) { Host = "127.0.0.1", Port = line.Port }.Uri.ToString();
        await using var replica = new Service<EnterprisePortal.Accounts.AccountsDb>.Replica(accounts);
        using var person = replica.CreateClient(new() { AllowAutoRedirect = false });
        accounts.Settings["ConnectionStrings:messaging"] = there;
        person.DefaultRequestHeaders.Authorization = new("Bearer", TestIdentity.TokenOf(Demo.RootAdmin));

        var entered = await person.GetAsync("/open/bluedolphin-austin", cancel);

        Assert.Equal(HttpStatusCode.Redirect, entered.StatusCode);
    }
}
