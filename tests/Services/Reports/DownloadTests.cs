using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MiniExcelLibs;
using static EnterprisePortal.Tests.Support.Demo;

namespace EnterprisePortal.Tests.Reports;

/// <summary>What somebody saves, unpacks and opens with a double click.</summary>
public class DownloadTests(ReportsService service) : IClassFixture<ReportsService>, IAsyncLifetime
{
    static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];
    Offices offices = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => offices = await service.WithOffices();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Theory]
    [InlineData("combined.csv"), InlineData("combined.xlsx"), InlineData("files.zip")]
    public async Task Who_may_open_no_file_of_a_run_gets_the_reason_whatever_they_ask_for(string file)
    {
        var run = await Made(TumbleUser);
        foreach (var account in TumbleTime.Accounts)
            offices.NotPermitted[account.Code] = true;

        using var answer = await service.SignedInAs(TumbleUser).GetAsync($"/api/reports/runs/{run}/{file}", Cancel);
        offices.NotPermitted.Clear();

        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("urn:portal:nothing-to-combine", problem.GetProperty("type").GetString());
        Assert.Contains("tumbletime-omaha: not permitted", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_runs_saved_and_unpacked_into_one_folder_overwrite_nothing_of_each_other()
    {
        offices.Closed["tumbletime-tulsa"] = true;
        Guid[] runs = [await Made(TumbleUser), await Made(TumbleUser), await Made(TumbleUser, "FIN-1", new { asOf = "2026-10-31" })];
        var names = new List<string>();
        foreach (var run in runs)
        {
            foreach (var file in new[] { "combined.csv", "combined.xlsx", "files.zip" })
            {
                using var answer = await service.SignedInAs(TumbleUser).GetAsync($"/api/reports/runs/{run}/{file}", Cancel);
                names.Add(answer.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
            }
            using var zip = await Zip(run);
            names.AddRange(zip.Entries.Select(entry => entry.FullName));
        }
        offices.Closed.Clear();

        Assert.Equal(3 * (3 + 4), names.Count);
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(3 * 3, names.Count(name => name.StartsWith("tumbletime-", StringComparison.Ordinal)));
        Assert.All(names[..14], name => Assert.Matches(@"FIN-2 2026-10-01 2026-10-31 \d{4}-\d\d-\d\d \d{6} [0-9a-f]{8}", name));
        Assert.All(names[14..], name => Assert.Matches(@"FIN-1 2026-10-31 \d{4}-\d\d-\d\d \d{6} [0-9a-f]{8}", name));
    }

    [Fact]
    public async Task CSV_says_that_it_is_UTF8_so_that_a_double_click_reads_Zoë_and_its_first_column_is_the_account()
    {
        var run = await Made(EastUser);
        var csv = await service.SignedInAs(EastUser).GetByteArrayAsync($"/api/reports/runs/{run}/combined.csv", Cancel);
        using var zip = await Zip(run, EastUser);
        using var member = new MemoryStream();
        await (await zip.Entries[0].OpenAsync(Cancel)).CopyToAsync(member, Cancel);

        Assert.Equal(ByteOrderMark.Concat("account,"u8.ToArray()), csv[..11]);
        Assert.Equal(ByteOrderMark.Concat("Section,"u8.ToArray()), member.ToArray()[..11]);
        Assert.Equal(0, csv.AsSpan().LastIndexOf(ByteOrderMark));
    }

    [Fact]
    public async Task A_phone_reads_the_same_in_CSV_and_workbook_and_a_formula_is_a_text_in_both()
    {
        offices.Trouble["bluedolphin-boston"] = "phone";
        offices.Trouble["bluedolphin-albany"] = "plus formula";
        var run = await Made(EastUser);
        offices.Trouble.Clear();

        var csv = await service.Combined(EastUser, run);
        var rows = Sheet(await Workbook(run), "Report");

        Assert.Contains("bluedolphin-boston,Deposits,+15125550101,2026-10-01,18.18,1", csv);
        Assert.Contains("+15125550101", rows.Select(row => row["Family"]));
        Assert.Contains(csv, row => row.Contains(",'+1+1,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Totals_count_the_rows_that_count_and_money_has_a_currency()
    {
        var run = await Made(EastUser);
        var workbook = await Workbook(run);

        var totals = Sheet(workbook, "Totals");
        Assert.Equal(5, totals.Count);
        Assert.All(totals.Take(4), row => Assert.Equal((2d, 2d, 1d), (row["Rows"], row["Deposits"], row["Deleted and failed"])));
        Assert.Equal((8d, 8d, 4d), (totals[4]["Rows"], totals[4]["Deposits"], totals[4]["Deleted and failed"]));

        using var parts = new ZipArchive(new MemoryStream(workbook));
        Assert.Contains("formatCode=\"&quot;$&quot;#,##0.00", await Text(parts, "styles.xml"), StringComparison.Ordinal);
        foreach (var (sheet, cell) in new[] { ("sheet1", "E2"), ("sheet2", "E2"), ("sheet2", "E6") })
            Assert.Matches($"r=\"{cell}\" s=\"[6-9]\"><x:v>[0-9.]+<", await Text(parts, $"worksheets/{sheet}.xml"));
    }

    [Fact]
    public async Task A_run_says_of_each_account_how_many_rows_count()
    {
        var run = await Made(TumbleUser);

        var item = await service.SignedInAs(TumbleUser).GetFromJsonAsync<JsonElement>($"/api/reports/runs/{run}", Cancel);
        foreach (var account in item.GetProperty("accounts").EnumerateArray())
            Assert.Equal("""{"Deposits":2,"Deleted and failed":1}""", account.GetProperty("sections").GetRawText());
    }

    [Theory]
    [InlineData("toni", true), InlineData("Toni%20User", true)]
    [InlineData("Toni_User", false), InlineData("%25", false), InlineData("_", false)]
    public async Task Who_looks_for_a_person_finds_what_they_typed_and_no_pattern(string by, bool found)
    {
        await service.Start(TumbleUser);

        Assert.Equal(found, (await service.Runs(TumbleUser, $"by={by}")).Any());
    }

    async Task<Guid> Made(ServiceDefaults.SignIn.Person person, string report = "FIN-2", object? parameters = null)
    {
        var run = await service.Start(person, report, parameters);
        await service.Finished(person, run);
        return run;
    }

    async Task<ZipArchive> Zip(Guid run, ServiceDefaults.SignIn.Person? person = null) =>
        new(await service.SignedInAs(person ?? TumbleUser).GetStreamAsync($"/api/reports/runs/{run}/files.zip", Cancel));

    Task<byte[]> Workbook(Guid run) => service.SignedInAs(EastUser).GetByteArrayAsync($"/api/reports/runs/{run}/combined.xlsx", Cancel);

    static List<IDictionary<string, object>> Sheet(byte[] workbook, string name) =>
        [.. new MemoryStream(workbook).Query(useHeaderRow: true, sheetName: name).Cast<IDictionary<string, object>>()];

    static async Task<string> Text(ZipArchive parts, string name) =>
        await new StreamReader(parts.GetEntry($"xl/{name}")!.Open()).ReadToEndAsync(Cancel);
}
