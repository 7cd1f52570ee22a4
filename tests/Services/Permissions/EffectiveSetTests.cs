using CsCheck;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Permissions;
using EnterprisePortal.ServiceDefaults.Directory;

namespace EnterprisePortal.Tests.Permissions;

/// <summary>For random trees, assignments and restrictions.</summary>
public class EffectiveSetTests
{
    static readonly string[] Codes = ["a", "b", "c", "d", "e"];
    static readonly string[] Permissions = [.. PermissionCatalogue.ById.Keys];
    static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    sealed record World(Enterprise Enterprise, GroupRestriction[] Restrictions);

    /// <summary>Group n's parent is one of those before it; its accounts are some of its parent's.</summary>
    static readonly Gen<World> Worlds =
        from parents in Gen.Int[0, 100].Array[0, 7]
        from keeps in Gen.Bool.Array[Codes.Length].Array[8]
        from active in Gen.Bool.Array[8]
        from removed in Gen.Select(Gen.Int[0, parents.Length], Gen.Int[0, Permissions.Length - 1].Select(number => Permissions[number])).Array[0, 20]
        select Make(parents, keeps, active, removed);

    static World Make(int[] parents, bool[][] keeps, bool[] active, (int Group, string Permission)[] removed)
    {
        var groups = new List<GroupState> { new(Id(0), "0", null, true, null, null, Codes) };
        for (var number = 1; number <= parents.Length; number++)
        {
            var parent = groups[parents[number - 1] % number];
            groups.Add(new(Id(number), $"{number}", parent.Id, active[number], null, null, [.. parent.Accounts.Where(code => keeps[number][Array.IndexOf(Codes, code)])]));
        }
        return new(new(new(Id(0), "E", 1, groups, [.. Codes.Select(code => new AccountState(code, code, AccountState.Active, "America/Chicago", "US", "", ""))])),
            [.. removed.Distinct().Select(it => new GroupRestriction { GroupId = Id(it.Group), Permission = it.Permission, Reason = "r", ByName = "n" })]);
    }

    static Guid Id(int number) => new(number + 1, 0, 0, new byte[8]);

    static string[] Of(World world, string code, IEnumerable<GroupRestriction>? restrictions = null) =>
        [.. EffectiveSet.Of(world.Enterprise, world.Enterprise.Accounts[code], [.. restrictions ?? world.Restrictions], Now).Select(restriction => restriction.Permission)];

    [Fact]
    public void Application_access_is_never_removed() => Worlds.Sample(world =>
        Codes.All(code => !Of(world, code).Any(id => id.StartsWith("access.", StringComparison.Ordinal))));

    [Fact]
    public void An_account_is_bound_by_every_group_that_contains_it_and_by_no_other() => Worlds.Sample(world =>
        Codes.All(code => Of(world, code).ToHashSet().SetEquals(world.Restrictions
            .Where(row => PermissionCatalogue.IsRemovable(row.Permission) && world.Enterprise.Groups[row.GroupId].Accounts.Contains(code)).Select(row => row.Permission))));

    [Fact]
    public void A_child_can_only_restrict_further() => Worlds.Sample(world =>
        world.Enterprise.Groups.Values.Where(group => group.ParentId is not null).All(child =>
            Codes.All(code => Of(world, code, world.Restrictions.Where(row => row.GroupId != child.Id)).All(id => Of(world, code).Contains(id)))));

    [Fact]
    public void The_order_in_which_things_were_removed_does_not_matter() => Worlds.Sample(world =>
        Codes.All(code => Of(world, code).SequenceEqual(Of(world, code, world.Restrictions.Reverse()))));
}
