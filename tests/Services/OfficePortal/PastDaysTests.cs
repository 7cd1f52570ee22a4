using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using static EnterprisePortal.Tests.OfficePortal.DataOffice;

namespace EnterprisePortal.Tests.OfficePortal;

public class PastDaysTests(ReportOffice accounts) : IClassFixture<ReportOffice>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static readonly DateOnly First = new(2026, 1, 1), Last = new(2026, 2, 28);

    [Fact]
    public async Task Days_come_to_what_the_reports_of_these_days_come_to()
    {
        var days = (await Header()).Figures!.Where(day => day.Day >= First && day.Day <= Last).ToList();

        Assert.Equal(Last.DayNumber - First.DayNumber + 1, days.Count);
        ReportParameters asked = new(First, Last);
        var (deposits, drops, made) = (await accounts.Generate(Austin, "FIN-2", asked), await accounts.Generate(Austin, "CLA-5", asked),
            await accounts.Generate(Austin, "CLA-9", asked));
        Assert.Equal(deposits.Sum("Amount", "Deposits"), days.Sum(day => day.Deposits));
        Assert.Equal(drops.Rows.Count(row => row["Section"] == "Drops"), days.Sum(day => day.Drops));
        Assert.Equal(made.Rows.Count, days.Sum(day => day.NewEnrollments));
        Assert.All(made.Rows.GroupBy(row => row["Created"]),
            day => Assert.Equal(day.Count(), days.Single(one => $"{one.Day:yyyy-MM-dd}" == day.Key).NewEnrollments));
        Assert.True(days.Sum(day => day.Deposits) > 0 && days.Sum(day => day.Drops) > 0);
    }

    [Fact]
    public async Task Two_years_of_days_end_yesterday_with_what_the_account_has_then()
    {
        var days = (await Header()).Figures!;

        Assert.Equal(730, days.Count);
        Assert.Equal(new DateOnly(2026, 3, 9), days[^1].Day);
        Assert.Equal((int?)await accounts.Office.Ask<long>(
            "select count(*) from family where account = $1 and (created_at at time zone 'America/Chicago')::date < '2026-03-10'", Austin),
            days[^1].Families);
        foreach (var day in new[] { days[^1], days[365], days[100] })
            Assert.Equal((int?)await accounts.Office.Ask<long>(
                """
                select count(*) from enrollment where account = $1 and type = 'active' and start_date <= $2
                  and (drop_date is null or drop_date >= $2)
                """, Austin, day.Day), day.ActiveEnrollments);
    }

    async Task<SnapshotHeader> Header()
    {
        var text = await accounts.Office.Portal(Austin).GetStringAsync("snapshot", Cancel);
        return (SnapshotHeader)JsonSerializer.Deserialize<SnapshotLine>(text[..text.IndexOf('\n')], JsonSerializerOptions.Web)!;
    }
}
