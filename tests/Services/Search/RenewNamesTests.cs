using EnterprisePortal.Search.Snapshots;
using EnterprisePortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static EnterprisePortal.Tests.Search.SearchService;

namespace EnterprisePortal.Tests.Search;

public class RenewNamesTests(SearchService search) : IClassFixture<SearchService>
{
    const string Account = "bluedolphin-tampa";

    [Fact]
    public async Task A_name_indexed_before_the_upgrade_is_found_after_it_and_the_account_need_not_be_read_again()
    {
        var families = new[] { Family("ohara", "Scarlett OʼHarawell"), Family("plain", "Rhett Butlerson") };
        await search.Indexed(Account, families);
        await AsOfTheFormerRule("ohara", "scarlett", "oʼharawell");
        await AsOfTheFormerRule("plain", "rhett", "butlerson");
        Assert.Empty(await search.Finds(Demo.RootUser, "name=o'harawell"));

        await search.Instance.Services.GetRequiredService<RenewNames>().Renew(TestContext.Current.CancellationToken);

        Assert.Equal(["ohara"], await search.Finds(Demo.RootUser, "name=o'harawell"));
        Assert.Equal(["ohara"], await search.Finds(Demo.RootUser, "name=scarlett harawell"));
        Assert.Equal(["plain"], await search.Finds(Demo.RootUser, "name=butlerson"));
        Assert.Equal(0L, await Ask("select count(*) from family where name_rule < 2"));
        Assert.Equal(0L, await Ask("select count(*) from name_key where key like '%ʼ%'"));
        var again = await search.Indexed(Account, families);
        Assert.Equal((0, 0, 0), (again.Added, again.Changed, again.Removed));
    }

    /// <summary>What the version before wrote: it took this apostrophe for a letter.</summary>
    async Task AsOfTheFormerRule(string family, string first, string last) => await Ask(
        $"""
        with f as (
          update family set name_rule = 1, words = array[' {first} {last}'] where external_id = '{family}' returning family_id, account_no),
        gone as (delete from name_key k using f where k.family_id = f.family_id)
        insert into name_key (pair, key, family_id, account_no, dup)
        select left(k.one, 2) || ' ' || left(k.two, 2), k.one || ' ' || k.two, f.family_id, f.account_no, false
        from f, (values ('{first}', '{last}'), ('{last}', '{first}')) k(one, two)
        """);

    async Task<object?> Ask(string sql)
    {
        await using var command = search.Instance.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
