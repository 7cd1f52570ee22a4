using System.Globalization;
using System.IO.Compression;
using System.Net;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Sync;
using EnterprisePortal.Tests.Support;
using static EnterprisePortal.Tests.Support.Demo;

namespace EnterprisePortal.Tests.Reports;

public class FileTests(ReportsService service) : IClassFixture<ReportsService>, IAsyncLifetime
{
    Offices offices = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => offices = await service.WithOffices();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task Everything_downloads_together_and_the_totals_agree_to_the_cent()
    {
        var run = await service.Start(RootUser);
        await service.Finished(RootUser, run);
        var http = service.SignedInAs(RootUser);

        using var zip = new ZipArchive(await http.GetStreamAsync($"/api/reports/runs/{run}/files.zip", Cancel));
        Assert.Equal(8, zip.Entries.Select(entry => entry.FullName).Distinct().Count());

        var csv = await service.Combined(RootUser, run);
        Assert.Equal("account,Section,Family,Date,Amount,Family Id", csv[0]);
        Assert.Equal(1 + 8 * 3, csv.Length);
        Assert.Contains("'=HYPERLINK", csv[1]);
        var expected = BlueDolphin.Accounts.Sum(account => Offices.Total(account.Code));
        Assert.Equal(expected, csv.Skip(1).Where(row => row.Contains(",Deposits,"))
            .Sum(row => decimal.Parse(row.Split(',')[^2], CultureInfo.InvariantCulture)));

        using var workbook = new ZipArchive(
            new MemoryStream(await http.GetByteArrayAsync($"/api/reports/runs/{run}/combined.xlsx", Cancel)));
        Assert.Contains(workbook.Entries, entry => entry.FullName.EndsWith("sheet2.xml", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_is_released_only_to_who_may_open_the_report_in_that_account()
    {
        var run = await service.Start(RootUser);
        await service.Finished(RootUser, run);
        offices.NotPermitted["bluedolphin-boston"] = true;

        using var answer = await service.SignedInAs(RootUser).GetAsync($"/api/reports/runs/{run}/combined.csv", Cancel);

        Assert.DoesNotContain("bluedolphin-boston", await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("bluedolphin-boston: not permitted", answer.Headers.GetValues("X-Left-Out").Single());
        offices.NotPermitted.Clear();
    }

    [Fact]
    public async Task An_erased_family_leaves_its_name_in_no_kept_file_and_its_amounts_stay()
    {
        var run = await service.Start(WestUser);
        await service.Finished(WestUser, run);
        var before = await service.Combined(WestUser, run);
        Assert.Equal(4, before.Count(row => row.Contains("O'Brien")));

        await service.Bus.Publish(new FamilyErased("bluedolphin-austin", "2"));

        await Eventually(async () => (await service.Combined(WestUser, run)).Count(row => row.Contains("O'Brien")) == 3);
        Assert.Contains("bluedolphin-austin,Deposits,,2026-10-02,-0.02,2", await service.Combined(WestUser, run));
        // Not even behind the encryption, nor in any other table.
        var austins = await service.InClear(run, "bluedolphin-austin");
        Assert.Contains("Smith", austins);
        Assert.DoesNotContain("O'Brien", austins);
        foreach (var table in await service.Texts(
            "select quote_ident(table_name) from information_schema.tables where table_schema = 'public'"))
            Assert.DoesNotContain(await service.Texts($"select it::text from {table} it"), row =>
                row.Contains("O'Brien", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Families_erased_at_the_same_moment_are_all_gone()
    {
        var run = await service.Start(EastUser);
        await service.Finished(EastUser, run);

        await Task.WhenAll(Enumerable.Range(1, 3)
            .Select(family => service.Bus.Publish(new FamilyErased("bluedolphin-boston", $"{family}"))));

        await Eventually(async () => (await service.Combined(EastUser, run))
            .Count(row => row.StartsWith("bluedolphin-boston,", StringComparison.Ordinal) && row.Split(',')[2] == "") == 3);
        Assert.Contains("bluedolphin-boston,Deleted and failed,,2026-10-03,999.99,3", await service.Combined(EastUser, run));
    }

    [Fact]
    public async Task A_family_erased_while_a_report_was_on_its_way_is_not_in_it()
    {
        offices.Trouble["bluedolphin-albany"] = "down";
        var run = await service.Start(EastUser);
        await Eventually(async () => (await service.Get(EastUser, run, "bluedolphin-albany")).Problem is not null);
        await service.Bus.Publish(new FamilyErased("bluedolphin-albany", "2"));
        await Eventually(
            async () => await service.Execute("update erased_family set account = account where account = 'bluedolphin-albany'") == 1);
        offices.Trouble.Clear();

        await service.Finished(EastUser, run);

        await Eventually(async () => (await service.Combined(EastUser, run)).Contains("bluedolphin-albany,Deposits,,2026-10-02,-0.02,2"));
    }

    [Fact]
    public async Task A_removed_accounts_files_go_and_those_of_the_others_stay()
    {
        var run = await service.Start(EastUser);
        await service.Finished(EastUser, run);
        Assert.Equal(4, (await service.Combined(EastUser, run)).Skip(1).Select(row => row.Split(',')[0]).Distinct().Count());

        var removed = new AccountRemoved(BlueDolphinId, "bluedolphin-tampa", service.Clock.GetUtcNow());
        await service.Bus.Publish(removed);

        await Eventually(
            async () => await service.Execute("update report_file_part set number = number where account = 'bluedolphin-tampa'") == 0);
        Assert.Equal(3, (await service.Combined(EastUser, run)).Skip(1).Select(row => row.Split(',')[0]).Distinct().Count());
        // Registered again, it has reports again, and the old message does them no harm.
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        var later = await service.Start(EastUser);
        await service.Finished(EastUser, later);
        await service.Bus.Publish(removed);
        await service.Bus.Publish(new FamilyErased("bluedolphin-charlotte", "2"));
        await Eventually(async () => (await service.Combined(EastUser, later)).Count(row => row.Contains("O'Brien")) == 3);
        Assert.Contains(await service.Combined(EastUser, later), row =>
            row.StartsWith("bluedolphin-tampa,Deposits,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_is_not_released_to_who_may_not_enter_the_account_and_says_why()
    {
        var run = await service.Start(WestUser);
        await service.Finished(WestUser, run);
        offices.Closed["bluedolphin-denver"] = true;

        using var zip = new ZipArchive(await service.SignedInAs(WestUser).GetStreamAsync($"/api/reports/runs/{run}/files.zip", Cancel));

        Assert.DoesNotContain(zip.Entries, entry => entry.FullName.StartsWith("bluedolphin-denver FIN-2 ", StringComparison.Ordinal));
        var named = zip.Entries.Single(entry => entry.FullName.EndsWith(" not included.txt", StringComparison.Ordinal));
        using var missing = new StreamReader(named.Open());
        Assert.Contains("bluedolphin-denver: The account's owner has not allowed the portal to enter as portal-user@bluedolphin.example",
            await missing.ReadToEndAsync(Cancel));
    }

    [Fact]
    public async Task An_account_with_other_columns_is_named_instead_of_combined()
    {
        offices.Trouble["bluedolphin-tucson"] = "other columns";
        var run = await service.Start(WestUser);
        await service.Finished(WestUser, run);

        foreach (var kind in new[] { "csv", "xlsx" })
        {
            using var answer = await service.SignedInAs(WestUser).GetAsync($"/api/reports/runs/{run}/combined.{kind}", Cancel);
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.Contains("The report of bluedolphin-tucson has other columns than that of bluedolphin-austin",
                await answer.Content.ReadAsStringAsync(Cancel));
        }
    }

    [Theory]
    [InlineData("ragged")]
    [InlineData("no number")]
    [InlineData("no totals")]
    [InlineData("twice the same column")]
    [InlineData("a character that no database keeps")]
    public async Task A_file_that_cannot_be_combined_is_never_kept(string trouble)
    {
        offices.Trouble["tumbletime-omaha"] = trouble;
        var run = await service.Start(TumbleUser);

        await Eventually(async () => (await service.Get(TumbleUser, run, "tumbletime-omaha")).Problem is not null);

        Assert.Equal(0, await service.Execute($"delete from report_file_part where run_id = '{run}' and account = 'tumbletime-omaha'"));
    }

    [Fact]
    public async Task A_text_that_a_spreadsheet_would_take_for_a_formula_stays_a_text_in_every_download()
    {
        var run = await service.Start(EastAdmin);
        await service.Finished(EastAdmin, run);
        var http = service.SignedInAs(EastAdmin);

        using var zip = new ZipArchive(await http.GetStreamAsync($"/api/reports/runs/{run}/files.zip", Cancel));
        var boston = zip.Entries.Single(entry => entry.FullName.StartsWith("bluedolphin-boston FIN-2 ", StringComparison.Ordinal));
        using var file = new StreamReader(boston.Open());
        Assert.Contains("\"'=HYPERLINK(\"\"x\"\")\"", await file.ReadToEndAsync(Cancel));
        // What starts with a minus and is a number is one.
        Assert.Contains("bluedolphin-boston,Deposits,\"O'Brien, Zoë\",2026-10-02,-0.02,2", await service.Combined(EastAdmin, run));
        using var workbook = new ZipArchive(
            new MemoryStream(await http.GetByteArrayAsync($"/api/reports/runs/{run}/combined.xlsx", Cancel)));
        foreach (var sheet in workbook.Entries.Where(entry => entry.FullName.Contains("worksheets/", StringComparison.Ordinal)))
            Assert.DoesNotContain("<x:f>", await new StreamReader(sheet.Open()).ReadToEndAsync(Cancel));
    }

    [Fact]
    public async Task Who_reads_the_database_reads_no_report_and_no_key()
    {
        var run = await service.Start(TumbleAdmin);
        await service.Finished(TumbleAdmin, run);

        Assert.Equal(0, await service.Execute(
            $"update report_file_part set number = number where run_id = '{run}' and position('Deposits'::bytea in data) > 0"));
        Assert.Equal(0, await service.Execute("update data_protection_key set xml = xml where xml like '%masterKey%'"));
        Assert.Equal(1, await service.Execute("update data_protection_key set xml = xml where xml like '%underSecret%'"));
        // Another replica, or this one after a restart, reads it all the same.
        using var http = (await service.AnotherInstance()).CreateClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", TestIdentity.TokenOf(TumbleAdmin));
        Assert.Contains("O'Brien", await http.GetStringAsync($"/api/reports/runs/{run}/combined.csv", Cancel));
    }

    [Fact]
    public async Task Downloads_are_on_record()
    {
        var run = await service.Start(RootAdmin);
        await service.Finished(RootAdmin, run);

        await service.Combined(RootAdmin, run);

        var recorded = await service.Published<ActivityRecorded>(it => it.Action == "report.downloaded" && it.Details!.Contains($"{run}"));
        Assert.Equal(("Bank Deposit (FIN-2), CSV", RootAdmin.Id), (recorded.Subject, recorded.Person.Id));
    }
}
