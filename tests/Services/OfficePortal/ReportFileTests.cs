using System.IO.Compression;
using System.Net;
using MiniExcelLibs;
using static EnterprisePortal.Tests.OfficePortal.WebOffice;

namespace EnterprisePortal.Tests.OfficePortal;

/// <summary>A report as the account's own staff open, save and read it.</summary>
public class ReportFileTests(WebOffice office) : IClassFixture<WebOffice>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CSV_and_workbook_of_an_account_have_the_same_phones_a_byte_order_mark_and_a_currency()
    {
        await office.Sql($"""
            insert into charge (account, family, category, description, charge_date, due_date, amount, created_at, created_by)
            select account, id, 1, 'Tuition', current_date - 9, current_date - 9, 49.5, now() - interval '9 days', 'web'
            from family where account = '{Austin}'
            """);
        var owner = await office.SignedIn(Austin, "owner");
        var page = await Generate(owner, "fin-1", new() { ["asOf"] = $"{await office.Ask<DateOnly>("select current_date"):yyyy-MM-dd}" });

        using var csv = await owner.GetAsync($"{page}/report.csv", Cancel);
        using var xlsx = await owner.GetAsync($"{page}/report.xlsx", Cancel);

        var text = await csv.Content.ReadAsByteArrayAsync(Cancel);
        Assert.Equal([0xEF, 0xBB, 0xBF, .. "Family,"u8], text[..10]);
        var inCsv = (await csv.Content.ReadAsStringAsync(Cancel)).Split("\r\n")
            .Count(row => row.Contains(",+1512", StringComparison.Ordinal));
        var workbook = await xlsx.Content.ReadAsByteArrayAsync(Cancel);
        Assert.NotEqual(0, inCsv);
        Assert.Equal(inCsv, Sheet(workbook, "Report").Count(row => $"{row["Phone"]}".StartsWith("+1512", StringComparison.Ordinal)));
        using var parts = new ZipArchive(new MemoryStream(workbook));
        using var sheet = new StreamReader(parts.GetEntry("xl/worksheets/sheet1.xml")!.Open());
        Assert.Matches("r=\"F2\" s=\"[6-9]\"><x:v>[0-9.]+<", await sheet.ReadToEndAsync(Cancel));
    }

    [Fact]
    public async Task Two_reports_of_the_same_days_are_saved_under_two_names()
    {
        var owner = await office.SignedIn(Austin, "owner");
        var names = new List<string>();
        for (var time = 0; time < 2; time++)
        {
            var page = await Generate(owner, "fin-2", new() { ["from"] = "2026-10-01", ["to"] = "2026-10-31" });
            foreach (var file in new[] { "report.csv", "report.xlsx" })
                names.Add((await owner.GetAsync($"{page}/{file}", Cancel)).Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        }

        Assert.Equal(4, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        var shape = $@"^{Austin} FIN-2 2026-10-01 2026-10-31 \d{{4}}-\d\d-\d\d \d{{6}} [0-9a-f]{{8}}\.(csv|xlsx)$";
        Assert.All(names, name => Assert.Matches(shape, name));
    }

    [Fact]
    public async Task Drops_and_transfers_are_counted_apart_on_the_page_and_in_the_workbook()
    {
        var owner = await office.SignedIn(Austin, "owner");
        var (from, to) = ("2024-01-01", "2027-12-31");
        var dropped = "select count(*) from enrollment"
            + $" where account = '{Austin}' and drop_date between '{from}' and '{to}' and transferred_to is";
        var (drops, transfers) = (await office.Ask<long>($"{dropped} null"), await office.Ask<long>($"{dropped} not null"));

        var page = await Generate(owner, "cla-5", new() { ["from"] = from, ["to"] = to });

        Assert.Contains($"<caption>Drops: {drops}, Transfers: {transfers}</caption>", await owner.GetStringAsync(page, Cancel));
        var totals = Assert.Single(Sheet(await owner.GetByteArrayAsync($"{page}/report.xlsx", Cancel), "Totals"));
        Assert.Equal(((double)drops, (double)drops, (double)transfers), (totals["Rows"], totals["Drops"], totals["Transfers"]));
    }

    [Theory]
    [InlineData("fin-2", "from=2026-10-01&to=2026-10-31&paymentMethod=bogus", "Choose one of cash, check, card, bank.")]
    [InlineData("cla-9", "from=2026-10-01&to=2026-10-31&mode=bogus", "Choose one of")]
    [InlineData("fin-2", "from=2026-10-01&to=31.10.2026", "Write the date as 2026-10-31.")]
    [InlineData("fin-2", "from=2026-10-31&to=2026-10-01", "The last date lies before the first.")]
    public async Task A_form_that_was_tampered_with_is_refused_on_its_page(string report, string fields, string words)
    {
        var owner = await office.SignedIn(Austin, "owner");

        var form = fields.Split('&').Select(field => field.Split('=')).ToDictionary(field => field[0], field => field[1]);
        var answer = await Post(owner, report, form);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    static List<IDictionary<string, object>> Sheet(byte[] workbook, string name) =>
        [.. new MemoryStream(workbook).Query(useHeaderRow: true, sheetName: name).Cast<IDictionary<string, object>>()];

    static async Task<string> Generate(HttpClient browser, string report, Dictionary<string, string> fields)
    {
        var made = await Post(browser, report, fields);
        Assert.Equal(HttpStatusCode.Redirect, made.StatusCode);
        var page = made.Headers.Location!.OriginalString;
        await Support.Wait.Eventually(async () =>
            (await browser.GetStringAsync(page, Cancel)).Contains("Download CSV", StringComparison.Ordinal));
        return page;
    }

    static Task<HttpResponseMessage> Post(HttpClient browser, string report, Dictionary<string, string> fields) =>
        Submit(browser, $"/{Austin}/reports/{report}", $"/{Austin}/reports/{report}", fields);
}
