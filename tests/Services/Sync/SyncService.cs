using System.Net.Http.Json;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Contracts.Search;
using EnterprisePortal.Contracts.Sync;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Sync;
using EnterprisePortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EnterprisePortal.Tests.Sync;

public sealed class SyncService : Service<ReadAccount>
{
    public SyncService(Servers servers) : base(servers)
    {
        Office = new(Clock);
        Settings["Sync:Deadline"] = "00:00:02";
        Settings["Sync:PollInterval"] = "00:00:01";
    }

    public OfficeStub Office { get; }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Outbound.Answer("office.example", Office.Answer);
    }

    /// <summary>A new enterprise with these accounts, and its Admin.</summary>
    public async Task<Person> Onboarded(params string[] codes)
    {
        var id = Guid.CreateVersion7();
        await Given(OfficeStub.Enterprise(id, codes));
        return Demo.RootAdmin with { GroupId = id };
    }

    public async Task Execute(string sql)
    {
        await using var command = Instance.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What Search says when the snapshot is in its index.</summary>
    public async Task<SnapshotCompleted> Applied(SnapshotCompleted snapshot)
    {
        await Bus.Publish(
            new SnapshotApplied(snapshot.SnapshotId, snapshot.Account, snapshot.TakenAt, snapshot.Families, snapshot.Families, 0, 0));
        return snapshot;
    }

    public async Task<SyncState> State(Person person, string account, Func<SyncState, bool> so)
    {
        using var deadline = new CancellationTokenSource(Wait.Limit);
        while (true)
        {
            var states = (await SignedInAs(person).GetFromJsonAsync<Page<SyncState>>("/api/sync/accounts", deadline.Token))!;
            if (states.Items.Single(item => item.Account == account) is var state && so(state))
                return state;
            await Task.Delay(50, deadline.Token);
        }
    }
}
