using System.Globalization;
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
        from removed in Gen.Select(Gen.Int[0, parents.Length], Gen.Int[0, Permissions.Length - 1].Select(number => Permissions[number]))
            .Array[0, 20]
        select Make(parents, keeps, active, removed);

    static World Make(int[] parents, bool[][] keeps, bool[] active, (int Group, string Permission)[] removed)
    {
        var groups = new List<GroupState> { new(Id(0), "0", null, true, null, null, Codes) };
        for (var number = 1; number <= parents.Length; number++)
        {
            var parent = groups[parents[number - 1] % number];
            groups.Add(new(Id(number), $"{number}", parent.Id, active[number], null, null,
                [.. parent.Accounts.Where(code => keeps[number][Array.IndexOf(Codes, code)])]));
        }
        return new(new(new(Id(0), "E", 1, groups,
            [.. Codes.Select(code => new AccountState(code, code, AccountState.Active, "America/Chicago", "US", "", ""))])),
            [.. removed.Distinct().Select(
                it => new GroupRestriction { GroupId = Id(it.Group), Permission = it.Permission, Reason = "r", ByName = "n" })]);
    }

    static Guid Id(int number) => new(number + 1, 0, 0, new byte[8]);

    static string[] Of(World world, string code, IEnumerable<GroupRestriction>? restrictions = null) =>
        [.. EffectiveSet.Of(world.Enterprise, world.Enterprise.Accounts[code], [.. restrictions ?? world.Restrictions], Now)
            .Select(restriction => restriction.Permission)];

    [Fact]
    public void Application_access_is_never_removed() => Worlds.Sample(world =>
        Codes.All(code => !Of(world, code).Any(id => id.StartsWith("access.", StringComparison.Ordinal))));

    [Fact]
    public void An_account_is_bound_by_every_group_that_contains_it_and_by_no_other() => Worlds.Sample(world =>
        Codes.All(code => Of(world, code).ToHashSet().SetEquals(world.Restrictions
            .Where(row => PermissionCatalogue.IsRemovable(row.Permission) && world.Enterprise.Groups[row.GroupId].Accounts.Contains(code))
            .Select(row => row.Permission))));

    [Fact]
    public void A_child_can_only_restrict_further() => Worlds.Sample(world =>
        world.Enterprise.Groups.Values.Where(group => group.ParentId is not null).All(child =>
            Codes.All(code => Of(world, code, world.Restrictions.Where(row => row.GroupId != child.Id))
                .All(id => Of(world, code).Contains(id)))));

    [Fact]
    public void The_order_in_which_things_were_removed_does_not_matter() => Worlds.Sample(world =>
        Codes.All(code => Of(world, code).SequenceEqual(Of(world, code, world.Restrictions.Reverse()))));

    [Fact]
    public void A_restriction_binds_until_the_end_of_its_last_day_in_the_accounts_own_time_zone()
    {
        // Noon UTC on the 23rd is the 24th in Auckland.
        var world = Tree(Restricted(0, "reports.fin-2", until: new(2026, 11, 23)));

        Assert.Equal(["reports.fin-2"], Of(world, "a"));
        Assert.Empty(Of(world, "b"));
        Assert.Empty(Of(Tree(Restricted(0, "reports.fin-2", until: new(2026, 11, 22))), "a"));
        Assert.Equal(["reports.fin-2"], Of(Tree(Restricted(0, "reports.fin-2", until: new(2026, 11, 24))), "b"));
    }

    [Fact]
    public void Each_restriction_names_its_groups_from_the_root_down_and_then_by_name_with_their_reasons()
    {
        var world = Tree(Restricted(2, "reports.fin-2", "third"), Restricted(3, "reports.fin-2", "second"),
            Restricted(0, "reports.fin-2", "first"),
            Restricted(0, "families.edit", "alone", until: new(2027, 1, 31)));

        var set = EffectiveSet.Of(world.Enterprise, world.Enterprise.Accounts["a"], world.Restrictions, Now);

        Assert.Equal(["families.edit: Root alone 01/31/2027", "reports.fin-2: Root first , Other second , Under third "],
            set.Select(restriction => $"{restriction.Permission}: " + string.Join(", ", restriction.Groups
                .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Name} {group.Reason} {group.Until:MM/dd/yyyy}")))));
    }

    /// <summary>Czech files Ch after H, Danish files Aa after Z: a set of another order would be delivered again.</summary>
    [Theory]
    [InlineData("en-US"), InlineData("cs-CZ"), InlineData("da-DK")]
    public void A_set_has_one_order_on_machines_of_every_language(string language)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(language);
        try
        {
            var names = (string[])["Root", "Chicago", "Houston", "Aalborg", "aurora"];
            var world = new World(new(new(Id(0), "E", 1,
                [.. names.Select((name, at) => new GroupState(Id(at), name, at == 0 ? null : Id(0), true, null, null, Codes))],
                [new AccountState("a", "a", AccountState.Active, "America/Chicago", "US", "", "")])),
                [.. names.Select((_, at) => Restricted(at, "reports.fin-2"))]);

            var set = EffectiveSet.Of(world.Enterprise, world.Enterprise.Accounts["a"], world.Restrictions, Now);

            Assert.Equal(["Root", "Aalborg", "Chicago", "Houston", "aurora"], Assert.Single(set).Groups.Select(group => group.Name));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_group_that_is_gone_binds_nobody_and_one_that_sleeps_binds_as_before()
    {
        Assert.Empty(Of(Tree(Restricted(9, "reports.fin-2")), "a"));
        Assert.Equal(["reports.fin-2"], Of(Tree(Restricted(3, "reports.fin-2")), "a"));
    }

    static GroupRestriction Restricted(int group, string permission, string reason = "r", DateOnly? until = null) =>
        new() { GroupId = Id(group), Permission = permission, Reason = reason, ByName = "n", Until = until };

    /// <summary>Root, and below it Under (by way of Mid) and Other, which sleeps; account b is in New Zealand.</summary>
    static World Tree(params GroupRestriction[] restrictions) => new(new(new(Id(0), "E", 1,
        [
            new(Id(0), "Root", null, true, null, null, Codes), new(Id(1), "Mid", Id(0), true, null, null, Codes),
            new(Id(2), "Under", Id(1), true, null, null, Codes), new(Id(3), "Other", Id(0), false, null, null, Codes)
        ],
        [
            .. Codes.Select(code =>
                new AccountState(code, code, AccountState.Active, code == "b" ? "Pacific/Auckland" : "America/Chicago", "US", "", ""))
        ])), restrictions);
}
