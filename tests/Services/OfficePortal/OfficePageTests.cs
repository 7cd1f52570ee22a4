using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Tests.Support;
using static EnterprisePortal.Tests.OfficePortal.WebOffice;

namespace EnterprisePortal.Tests.OfficePortal;

/// <summary>What the account's own pages show, in the order in which it is read.</summary>
public partial class OfficePageTests(WebOffice office) : IClassFixture<WebOffice>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_report_begins_with_its_total_and_each_section_with_its_name_once_and_its_sums()
    {
        var task = await Deposits();
        var rows = task.File!.Sections!["Deposits"];

        var owner = await office.SignedIn(Denver, "owner");
        var page = WebUtility.HtmlDecode(await owner.GetStringAsync($"/{Denver}/background-tasks/{task.Id}", Cancel));

        Assert.InRange(rows, 2, 250);
        var total = task.File.Totals["Amount"].ToString("#,##0.00", CultureInfo.InvariantCulture);
        var section = page.IndexOf($">Deposits <span>{rows} rows · Amount {total}</span>", StringComparison.Ordinal);
        Assert.True(section > 0, "The section has no heading with its sums.");
        Assert.InRange(page.IndexOf(">Total</td>", StringComparison.Ordinal), page.IndexOf("<thead", StringComparison.Ordinal), section);
        Assert.DoesNotContain("data-label=\"Section\"", page);
        Assert.Equal(rows, Amounts().Count(page[section..].Split("</tbody>")[0]));
    }

    [Fact]
    public async Task A_familys_phone_reads_as_it_is_dialed_and_its_actions_are_apart()
    {
        var owner = await office.SignedIn(Denver, "owner");
        var family = await office.Ask<long>($"select min(family) from phone where account = '{Denver}' and phone like '+1303%'");

        foreach (var address in (string[])[$"families/{family}", "families"])
            Assert.Matches(PhoneAsDialed(), WebUtility.HtmlDecode(await owner.GetStringAsync($"/{Denver}/{address}", Cancel)));
        var page = await owner.GetStringAsync($"/{Denver}/families/{family}", Cancel);
        var actions = page.Split("<p class=\"actions\">")[1].Split("</p>")[0];
        Assert.Equal(3, actions.Split("class=\"button").Length - 1);
    }

    async Task<ReportTask> Deposits()
    {
        var api = office.Api(Denver);
        var today = await office.Ask<DateOnly>("select current_date");
        var task = await ReportOffice.Start(api, Guid.CreateVersion7(), "FIN-2", new(From: today.AddDays(-60), To: today));
        await Wait.Eventually(async () => (task = (await api.GetFromJsonAsync<ReportTask>($"background-tasks/{task.Id}", Cancel))!).IsOver);
        return task;
    }

    [GeneratedRegex("data-label=\"Amount\"")]
    private static partial Regex Amounts();

    [GeneratedRegex(@"\(303\) \d{3}-\d{4}")]
    private static partial Regex PhoneAsDialed();
}
