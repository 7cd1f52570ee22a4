using System.Security.Cryptography;
using System.Text;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Sync;

namespace EnterprisePortal.Tests.Sync;

/// <summary>The header's figures for Trends, told truthfully or not.</summary>
public class FiguresTests(SyncService sync) : IClassFixture<SyncService>
{
    DateOnly Yesterday => DateOnly.FromDateTime(sync.Clock.GetUtcNow().UtcDateTime).AddDays(-1);

    DayFigures Day(int before = 0) => new(Yesterday.AddDays(-before), 600, 700, 5, 2, 1234.50m);

    [Fact]
    public async Task What_an_account_says_of_its_days_is_passed_on_with_its_snapshot()
    {
        DayFigures[] days = [Day() with { Deposits = -12.30m }, Day(1) with { Families = null, Deposits = null }];
        sync.Office.Answers("tells-days", account => OfficeStub.NdJson(sync.Office.Whole(account, figures: days)));

        await sync.Onboarded("tells-days");

        var read = await sync.Published<FiguresRead>(it => it.Account == "tells-days");
        var completed = await sync.Published<SnapshotCompleted>(it => it.Account == "tells-days");
        Assert.Equal((true, completed.TakenAt), (read.IsSent, read.TakenAt));
        Assert.Equal(days, read.Days);
    }

    [Fact]
    public async Task Of_an_account_that_says_nothing_of_its_days_the_families_are_counted()
    {
        await sync.Onboarded("says-nothing");

        var read = await sync.Published<FiguresRead>(it => it.Account == "says-nothing");

        Assert.False(read.IsSent);
        var day = Assert.Single(read.Days);
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/Chicago");
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(read.TakenAt, zone).DateTime);
        Assert.Equal(new DayFigures(today, 600, null, null, null, null), day);
    }

    public static TheoryData<string, string> Untrue => new()
    {
        { "[{\"day\":\"DAY\",\"families\":-1}]", "a count of DAY is negative" },
        { "[{\"day\":\"2999-01-01\"}]", "2999-01-01 is not a day" },
        { "[{\"day\":\"0001-01-01\"}]", "0001-01-01 is not a day" }, { "[{\"day\":\"DAY\"},{\"day\":\"DAY\"}]", "DAY is there twice" },
        { "[{\"day\":\"DAY\",\"deposits\":1e20}]", "the deposits of DAY" },
        { "[{\"day\":\"DAY\",\"deposits\":0.001}]", "the deposits of DAY" },
        { "[null]", "a day is null" }, { "[{\"day\":\"DAY\",\"drops\":1.5}]", "Line 1" },
        { "[{\"day\":\"DAY\",\"drops\":\"many\"}]", "Line 1" },
        { "[{\"day\":\"yesterday\"}]", "Line 1" }, { "[{\"day\":\"DAY\",\"families\":99999999999}]", "Line 1" },
        { "{}", "Line 1" }, { "\"none\"", "Line 1" }, { "MANY", "801 days, and 800 are the most" }
    };

    [Theory, MemberData(nameof(Untrue))]
    public async Task Figures_that_cannot_be_true_change_nothing_and_the_reason_is_named(string figures, string words)
    {
        var code = $"untrue-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(figures)))[..8]}";
        var day = $"{Yesterday:yyyy-MM-dd}";
        var many = string.Join(',', Enumerable.Range(0, DayFigures.Most + 1)
            .Select(before => $"{{\"day\":\"{Yesterday.AddDays(-before):yyyy-MM-dd}\"}}"));
        sync.Office.Answers(code, account => OfficeStub.NdJson(sync.Office.Whole(account, families: 5,
            rawFigures: figures == "MANY" ? $"[{many}]" : figures.Replace("DAY", day, StringComparison.Ordinal))));

        await sync.Onboarded(code);

        var failed = await sync.Published<SyncFailed>(it => it.Account == code);
        Assert.Contains(words.Replace("DAY", day, StringComparison.Ordinal), failed.Problem);
        Assert.DoesNotContain(sync.Bus.Heard<FiguresRead>(), it => it.Account == code);
        Assert.DoesNotContain(sync.Bus.Heard<SnapshotCompleted>(), it => it.Account == code);
    }
}
