using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Search;
using EnterprisePortal.Contracts.Sync;
using EnterprisePortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static EnterprisePortal.Tests.Search.SearchService;

namespace EnterprisePortal.Tests.Search;

public class RemoveAccountTests(SearchService search) : IClassFixture<SearchService>
{
    [Fact]
    public async Task A_removed_account_leaves_no_row_behind_and_what_comes_late_is_not_taken()
    {
        const string account = "bluedolphin-tampa";
        await (search.Reading(account, Family("1", "Leaving Dolphin"), Family("2", "Leaving Whale")) with
        {
            Names = [new AccountName("level", "Leaver", 2)]
        }).Applied();
        var (staged, late) =
            (search.Reading(account, Family("3", "Leaving Staged"), Family("4", "Leaving Staged"), Family("5", "Leaving Staged")),
                search.Reading(account, Family("6", "Leaving Late")));
        await search.Bus.Publish(staged.Chunks[0]);
        await search.Indexed("bluedolphin-albany", Family("stays", "Leaving Not"));
        var removed = new AccountRemoved(Demo.BlueDolphinId, account, search.Clock.GetUtcNow());

        await search.Bus.Publish(removed);
        await Eventually(async () => await Rows(account) == 0);
        await search.Bus.Publish(late.Chunks[0]);
        await search.Bus.Publish(late.Completed);
        await search.Bus.Publish(new FamiliesChanged(account, late.TakenAt, [Family("7", "Leaving Changed")], []));
        await search.Bus.Publish(removed);
        await search.Published<SnapshotRejected>(it => it.SnapshotId == late.Id);

        Assert.Equal(["stays"], await search.Finds(Demo.RootUser, "name=leaving"));
        await Eventually(async () => await Rows(account) == 0);
        // Registered again, it comes back, and the old message does it no harm.
        await search.Indexed(account, Family("7", "Leaving Back"));
        await search.Bus.Publish(removed);
        await search.Indexed(account, Family("7", "Leaving Back"), Family("8", "Leaving Again"));
        Assert.Equal(["7", "8", "stays"], await search.Finds(Demo.RootUser, "name=leaving"));
    }

    /// <summary>Of the account, in every table of the index and staging.</summary>
    async Task<long> Rows(string account)
    {
        await using var command = search.Instance.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            """
            select (select count(*) from family where account_no = a.account_no)
              + (select count(*) from name_key where account_no = a.account_no)
                + (select count(*) from email where account_no = a.account_no)
              + (select count(*) from phone where account_no = a.account_no)
                + (select count(*) from account_name where account_no = a.account_no)
              + (select count(*) from family_change where account_no = a.account_no)
                + (select count(*) from snapshot_chunk where account = a.code)
            from account a where code = $1
            """);
        command.Parameters.AddWithValue(account);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
