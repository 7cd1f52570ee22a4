using System.Net.Http.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Contracts.Search;
using EnterprisePortal.Contracts.Sync;
using EnterprisePortal.Search.Snapshots;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Search;

/// <summary>Search with both enterprises of the demo world known and nothing in the index.</summary>
public sealed class SearchService(Servers servers) : Service<ApplySnapshot>(servers)
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Given(Demo.BlueDolphin, Demo.TumbleTime);
    }

    /// <summary>One guardian, one number, enrolled.</summary>
    public static AccountFamily Family(string id, string guardian, string phone = "+15125550199") =>
        Family(id, [guardian], [$"{id}@example.com"], [phone]);

    public static AccountFamily Family(string id, string[] guardians, string[] emails, string[] phones) =>
        new(id, [.. guardians.Select(name => new Guardian(name[..name.LastIndexOf(' ')], name[(name.LastIndexOf(' ') + 1)..]))], emails,
            phones, true);

    public Reading Reading(string account, params AccountFamily[] families) => new(this, account, families);

    /// <summary>Read, published and in the index.</summary>
    public async Task<SnapshotApplied> Indexed(string account, params AccountFamily[] families) =>
        await Reading(account, families).Applied();

    public async Task<FoundFamilies> Search(Person person, string query) =>
        (await SignedInAs(person).GetFromJsonAsync<FoundFamilies>($"/api/search/families?{query}", TestContext.Current.CancellationToken))!;

    /// <summary>The families found, by their ids.</summary>
    public async Task<string[]> Finds(Person person, string query) =>
        [.. (await Search(person, query)).Families.Select(family => family.FamilyId).Order()];
}

/// <summary>A snapshot on its way, as Sync publishes it: two families a piece.</summary>
public sealed record Reading(SearchService Search, string Account, AccountFamily[] Families)
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public DateTimeOffset TakenAt { get; init; } = Search.Clock.GetUtcNow();
    public AccountName[] Names { get; init; } = [];

    public SnapshotChunk[] Chunks =>
        [.. Families.Chunk(2).Select((families, number) => new SnapshotChunk(Id, Account, number, families, number == 0 ? Names : []))];

    public SnapshotCompleted Completed => new(Id, Account, TakenAt, Chunks.Length, Families.Length, Names.Length);

    public async Task<SnapshotApplied> Applied()
    {
        await Search.Bus.Publish(Completed);
        foreach (var chunk in Chunks)
            await Search.Bus.Publish(chunk);
        return await Search.Published<SnapshotApplied>(it => it.SnapshotId == Id);
    }
}
