using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.SignIn;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Directory;

/// <summary>
/// Groups and accounts of every enterprise, in memory, loaded from the service's own database copy and kept current by <see
/// cref="FollowDirectory"/>. <see cref="ReachOf(Person)"/> is the only way to a set of accounts.
/// </summary>
public sealed class DirectoryReplica
{
    readonly ConcurrentDictionary<Guid, Enterprise> enterprises = new();

    /// <summary>The directory of an enterprise was replaced by a newer one.</summary>
    public event Action<Enterprise>? Changed;

    public IEnumerable<Enterprise> Enterprises => enterprises.Values;

    /// <summary>Every account of every enterprise: for work done for the portal itself, never for a person.</summary>
    public IEnumerable<AccountState> AllAccounts => enterprises.Values.SelectMany(enterprise => enterprise.Accounts.Values);

    public AccountState? Account(string code) => enterprises.Values.Select(enterprise => enterprise.Accounts.GetValueOrDefault(code))
        .FirstOrDefault(account => account is not null);

    /// <returns>The enterprise's id (its root group's); <see cref="Guid.Empty"/> if this service does not know the group yet.</returns>
    public Guid EnterpriseOf(Guid groupId) => Of(groupId)?.Id ?? Guid.Empty;

    public Enterprise? Of(Guid groupId) => enterprises.Values.FirstOrDefault(enterprise => enterprise.Groups.ContainsKey(groupId));

    public bool IsRootAdmin(Person? person) => person is not null && Of(person.GroupId)?.IsRootAdmin(person) == true;

    /// <summary>Everything a person sees or does is limited to this. Empty for a deactivated group.</summary>
    public Reach ReachOf(Person person) => ReachOf(person.GroupId);

    public Reach ReachOf(Guid groupId) =>
        Of(groupId)?.ReachOf(groupId) ?? Reach.Nothing;

    /// <summary>From the service's own copy.</summary>
    internal async Task Load(NpgsqlDataSource db, CancellationToken cancel)
    {
        await using var command = db.CreateCommand("select state::text from directory");
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            Apply(JsonSerializer.Deserialize<DirectoryChanged>(rows.GetString(0), JsonSerializerOptions.Web)!);
    }

    /// <returns>False if this version or a newer one is already known.</returns>
    public bool Apply(DirectoryChanged state)
    {
        var newer = new Enterprise(state);
        while (true)
        {
            if (enterprises.TryGetValue(state.EnterpriseId, out var known))
            {
                if (known.Version >= state.Version)
                    return false;
                if (!enterprises.TryUpdate(state.EnterpriseId, newer, known))
                    continue;
            }
            else if (!enterprises.TryAdd(state.EnterpriseId, newer))
                continue;
            Changed?.Invoke(newer);
            return true;
        }
    }
}

/// <summary>One enterprise's tree of groups and its accounts; immutable.</summary>
public sealed class Enterprise(DirectoryChanged state)
{
    readonly ConcurrentDictionary<Guid, Reach> reaches = new();

    public Guid Id => state.EnterpriseId;
    public string Name => state.EnterpriseName;
    public long Version => state.Version;
    public Brand? Brand => state.Brand;

    /// <summary>As it shows itself.</summary>
    public string ShownName => state.Brand?.Name ?? state.EnterpriseName;

    /// <summary>An account is always in the root group, so connecting, activating or removing one concerns the whole enterprise.</summary>
    public bool IsRootAdmin(Person person) => person.IsAdmin && person.GroupId == Id && IsActive(Id);

    public FrozenDictionary<Guid, GroupState> Groups { get; } = state.Groups.ToFrozenDictionary(group => group.Id);
    public FrozenDictionary<string, AccountState> Accounts { get; } = state.Accounts.ToFrozenDictionary(account => account.Code);

    /// <summary>The group and its ancestors, itself first, the root last.</summary>
    public IEnumerable<GroupState> Ancestry(Guid groupId)
    {
        for (var next = (Guid?)groupId; next is { } id && Groups.GetValueOrDefault(id) is { } group; next = group.ParentId)
            yield return group;
    }

    /// <summary>The group and everything below it: what an Admin of it manages.</summary>
    public IEnumerable<GroupState> Subtree(Guid groupId) =>
        Groups.Values.Where(group => Ancestry(group.Id).Any(above => above.Id == groupId));

    /// <summary>A group works only while it and every group above it are active.</summary>
    public bool IsActive(Guid groupId) => Ancestry(groupId).All(group => group.Active);

    /// <summary>Computed once per group: every request needs it.</summary>
    public Reach ReachOf(Guid groupId) =>
        reaches.GetOrAdd(groupId, static (id, enterprise) =>
            enterprise.Groups.ContainsKey(id) && enterprise.IsActive(id) ? new(enterprise, id) : Reach.Nothing, this);

    /// <summary>
    /// The staff user as whom people of this group enter accounts: their own, else the group's, else the nearest ancestor's.
    /// </summary>
    public string? LoginAs(Guid groupId, bool asAdmin, string? staffEmail) =>
        (asAdmin ? null : staffEmail) ?? Ancestry(groupId).Select(group => asAdmin ? group.AdminEmail : group.UserEmail)
            .FirstOrDefault(email => email is not null);
}

/// <summary>
/// The accounts one person may see. Use <see cref="Codes"/> in the query itself, so that a row outside the reach is simply not found.
/// </summary>
public sealed class Reach
{
    internal static readonly Reach Nothing = new();

    Reach() { }

    internal Reach(Enterprise enterprise, Guid groupId)
    {
        Enterprise = enterprise;
        Group = enterprise.Groups[groupId];
        Groups = [.. enterprise.Subtree(groupId)];
        Accounts = Group.Accounts.Select(code => enterprise.Accounts.GetValueOrDefault(code)).OfType<AccountState>()
            .ToFrozenDictionary(account => account.Code);
        Codes = [.. Accounts.Keys];
    }

    public Enterprise? Enterprise { get; }
    public GroupState? Group { get; }

    /// <summary>The person's group and all groups below it.</summary>
    public IReadOnlyList<GroupState> Groups { get; } = [];
    public FrozenDictionary<string, AccountState> Accounts { get; } = FrozenDictionary<string, AccountState>.Empty;
    public string[] Codes { get; } = [];

    public bool Contains(string code) => Accounts.ContainsKey(code);
}
